import { UnstyledButton } from "@mantine/core";
import { Failure } from "@/components/Failure";
import { StatusDot } from "@/components/StatusDot";
import { plural } from "@/lib/format";
import type { Fault } from "@/models";
import "@/components/tones.css";
import classes from "./Draft.module.css";

interface FaultListProps {
  /** Why the text is no JSON object; then nothing else can be checked. */
  syntax: string | null;
  faults: readonly Fault[];
  sound: boolean;
  /** Why it could not be checked or saved. */
  fault: Error | null;
  onShow: (path: string) => void;
}

/** Everything that is wrong with a draft at once; each fault leads to its place in the text. */
export function FaultList({ syntax, faults, sound, fault, onShow }: FaultListProps) {
  return (
    <section className={classes.faults} aria-label="Faults">
      <div role="status">
        {syntax !== null ? (
          <StatusDot tone="bad">Not readable</StatusDot>
        ) : faults.length > 0 ? (
          <StatusDot tone="bad">{plural(faults.length, "fault")}</StatusDot>
        ) : sound ? (
          <StatusDot tone="good">No faults</StatusDot>
        ) : fault ? null : (
          <StatusDot tone="busy">Checking</StatusDot>
        )}
      </div>
      {syntax !== null ? <p className={classes.syntax}>{syntax}</p> : null}
      {fault && faults.length === 0 ? <Failure fault={fault} /> : null}
      {syntax === null && faults.length > 0 ? (
        <ul className={classes.list}>
          {faults.map(({ path, message }, index) => (
            <li key={`${path} ${index}`}>
              <UnstyledButton className={classes.fault} onClick={() => onShow(path)}>
                <code>{path}</code>
                <span>{message}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
