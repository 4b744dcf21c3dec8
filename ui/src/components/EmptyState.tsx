import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** What a list says while it has nothing to show: what will be here, and how. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap={4} py={64} px="md" ta="center">
      <div className={classes.icon}>{icon}</div>
      <Title order={2} size="h4" mt="sm">
        {title}
      </Title>
      {children ? (
        <Text c="dimmed" size="sm" maw={420}>
          {children}
        </Text>
      ) : null}
      {action ? <div className={classes.action}>{action}</div> : null}
    </Stack>
  );
}
