import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Sharing.module.css";

/** One way in which a toolchain is reached. */
export function Part({ title, about, children }: { title: string; about: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className={classes.part}>
      <h3 className={classes.title}>{title}</h3>
      {about ? (
        <Text size="sm" c="dimmed" mb="xs">
          {about}
        </Text>
      ) : null}
      {children}
    </section>
  );
}
