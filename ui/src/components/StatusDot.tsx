import type { ReactNode } from "react";
import classes from "./StatusDot.module.css";

export type Tone = "idle" | "busy" | "good" | "bad" | "warn";

/** A state in one word with a dot in its tone; a busy one breathes. */
export function StatusDot({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.status} data-tone={tone}>
      <span className={classes.dot} aria-hidden />
      {children}
    </span>
  );
}
