import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./DocumentTable.module.css";

interface FileCellProps {
  name: string;
  /** A word behind the name. */
  note?: string | null;
  /** Opens the document; without it the name is only a name. */
  onOpen?: (() => void) | undefined;
  /** What is being done, went wrong or is to be known. */
  children?: ReactNode;
}

export function FileCell({ name, note = null, onOpen, children }: FileCellProps) {
  return (
    <div className={classes.file}>
      <span className={classes.kind} aria-hidden>
        {kindOf(name)}
      </span>
      <div className={classes.words}>
        <div className={classes.title}>
          {onOpen ? (
            <UnstyledButton className={classes.name} dir="auto" title={name} onClick={onOpen}>
              {name}
            </UnstyledButton>
          ) : (
            <span className={classes.name} dir="auto" title={name}>
              {name}
            </span>
          )}
          {note ? <span className={classes.note}>{note}</span> : null}
        </div>
        {children}
      </div>
    </div>
  );
}

/** The letters on the file's tile. */
function kindOf(name: string): string {
  const extension = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? "";
  return extension.toUpperCase();
}
