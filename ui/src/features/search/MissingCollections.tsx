import { Button, Group, Text } from "@mantine/core";
import { IconAlert } from "@/components/icons";
import { plural } from "@/lib/format";
import type { Picked } from "@/lib/picked";
import classes from "./SearchPage.module.css";

interface MissingCollectionsProps {
  picked: Picked;
  onTakeOut: () => void;
}

/** Says that collections of a search are not there, what is searched all the same, and takes them out. */
export function MissingCollections({ picked: { there, gone }, onTakeOut }: MissingCollectionsProps) {
  const one = gone.length === 1;
  const words = `${one ? "A collection" : plural(gone.length, "collection")} of this search ${one ? "is" : "are"} missing: deleted, or never there.`;
  return (
    <Group className={classes.missing} role="alert" gap="sm" wrap="nowrap" align="flex-start">
      <IconAlert size={18} />
      <Text size="sm" flex={1}>
        {words}{" "}
        {there.length > 0 ? `It searches the ${there.length === 1 ? "other one" : `other ${there.length}`}.` : ""}
      </Text>
      <Button size="compact-sm" variant="default" onClick={onTakeOut}>
        {there.length > 0 ? `Take ${one ? "it" : "them"} out` : "Search all collections"}
      </Button>
    </Group>
  );
}
