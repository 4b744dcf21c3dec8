import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { Logo } from "./Logo";

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <Center h="100%" p="lg">
      <Stack align="center" gap="sm" maw={400} ta="center">
        <Logo size={44} />
        <Title order={1} size="h3" mt="sm">
          Penstock does not answer
        </Title>
        <Text c="dimmed">It may be starting, or it has been stopped. This page looks again by itself.</Text>
        <Button variant="default" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Center>
  );
}
