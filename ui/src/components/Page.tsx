import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

interface PageProps {
  title: string;
  /** One sentence under the title. */
  summary?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page with a heading and one calm column. */
export function Page({ title, summary, actions, children }: PageProps) {
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-start" gap="md" className={classes.head}>
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {summary ? (
            <Text c="dimmed" mt={4}>
              {summary}
            </Text>
          ) : null}
        </div>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      {children}
    </div>
  );
}
