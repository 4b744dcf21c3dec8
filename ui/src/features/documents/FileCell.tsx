import { Progress, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DocumentTable.module.css";

interface FileCellProps {
  name: string;
  /** Opens the document; without it the name is only a name. */
  onOpen?: (() => void) | undefined;
  /** From 0 to 1 while something is being done. */
  progress?: number | null;
  error?: string | null;
  /** What can be done about the error. */
  children?: ReactNode;
}

export function FileCell({ name, onOpen, progress = null, error = null, children }: FileCellProps) {
  return (
    <div className={classes.file}>
      <span className={classes.kind} aria-hidden>
        {kindOf(name)}
      </span>
      <div className={classes.words}>
        {onOpen ? (
          <UnstyledButton className={classes.name} title={name} onClick={onOpen}>
            {name}
          </UnstyledButton>
        ) : (
          <span className={classes.name} title={name}>
            {name}
          </span>
        )}
        {progress !== null ? (
          <Progress
            className={classes.below}
            value={Math.max(2, progress * 100)}
            size={4}
            aria-label={`Progress of ${name}`}
            transitionDuration={300}
          />
        ) : null}
        {error !== null ? (
          <div className={classes.below}>
            <span className={classes.error}>{error}</span>
            <div className={classes.again}>{children}</div>
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** The letters on the file's tile. */
function kindOf(name: string): string {
  const extension = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? "";
  return extension.toUpperCase();
}
