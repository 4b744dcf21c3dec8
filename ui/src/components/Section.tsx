import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Section.module.css";

interface SectionProps {
  title: string;
  about: ReactNode;
  children: ReactNode;
}

/** One subject of the settings: what it is at the left, its controls at the right. */
export function Section({ title, about, children }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <div>
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text size="sm" c="dimmed" mt={4}>
          {about}
        </Text>
      </div>
      <div className={classes.controls}>{children}</div>
    </section>
  );
}
