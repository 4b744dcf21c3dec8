import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { inWords } from "@/lib/words";

interface Props {
  children: ReactNode;
}

/** Shows in words what broke a page, and keeps the navigation alive around it. */
export class PageBoundary extends Component<Props, { fault: unknown }> {
  override state: { fault: unknown } = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render() {
    if (this.state.fault === null) return this.props.children;
    return (
      <Center h="100%" p="lg">
        <Stack align="center" maw={440} ta="center" gap="xs" role="alert">
          <Title order={1} size="h3">
            This page stopped
          </Title>
          <Text c="dimmed">{inWords(this.state.fault)}</Text>
          <Button variant="default" mt="sm" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </Stack>
      </Center>
    );
  }
}
