import type { ReactNode } from "react";
import type { PlacedFault } from "@/lib/editor/faults";
import { Documentation } from "./Documentation";
import classes from "./Fields.module.css";

interface FieldShellProps {
  /** The field's path within the node, as faults name it. */
  path: string;
  label: string;
  required?: boolean | undefined;
  /** Its documentation. */
  description?: string | undefined;
  faults: readonly PlacedFault[];
  /** At the right of the label. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A field with what it is called, what it is for and what is wrong with it. */
export function FieldShell({ path, label, required, description, faults, aside, children }: FieldShellProps) {
  return (
    <div className={classes.field} data-path={path} role="group" aria-label={label}>
      <div className={classes.head}>
        <span className={classes.label}>
          {label}
          {required ? (
            <span className={classes.needed} title="Needed">
              {" "}
              *
            </span>
          ) : null}
        </span>
        {aside}
      </div>
      {description ? (
        <p className={classes.note}>
          <Documentation text={description} />
        </p>
      ) : null}
      {children}
      {faults.map(({ path: where, message }, index) => (
        <p key={`${where} ${index}`} className={classes.fault} role="alert">
          {message}
        </p>
      ))}
    </div>
  );
}
