import { Button, Group, Text } from "@mantine/core";
import { inWords } from "@/lib/words";
import classes from "./Failure.module.css";
import { IconAlert } from "./icons";

/** What went wrong, in words, in the place where the thing would be. */
export function Failure({ fault, onRetry }: { fault: unknown; onRetry?: () => void }) {
  return (
    <Group className={classes.failure} role="alert" gap="sm" wrap="nowrap" align="flex-start">
      <span className={classes.icon}>
        <IconAlert size={18} />
      </span>
      <Text size="sm" flex={1} className={classes.words}>
        {inWords(fault)}
      </Text>
      {onRetry ? (
        <Button size="compact-sm" variant="default" onClick={onRetry}>
          Retry
        </Button>
      ) : null}
    </Group>
  );
}
