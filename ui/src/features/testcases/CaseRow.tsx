import { ActionIcon, Menu, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { IconChevronRight, IconMore, IconPlay } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { checkInWords } from "@/lib/cases/words";
import type { ShownResult } from "@/lib/cases/results";
import { formatDuration, plural } from "@/lib/format";
import type { Case, CaseResult, Fault } from "@/models";
import { CheckOutcome } from "./CheckOutcome";
import classes from "./TestCases.module.css";

const STATES: Record<ShownResult["state"], [tone: Tone, word: string]> = {
  queued: ["idle", "Queued"],
  running: ["busy", "Running"],
  passed: ["good", "Passed"],
  failed: ["bad", "Failed"],
  stopped: ["idle", "Stopped"],
};

interface CaseRowProps {
  test: Case;
  shown: ShownResult | null;
  faults: readonly Fault[];
  pending: boolean;
  onRun: () => void;
  onEdit: (() => void) | null;
  onRemove: (() => void) | null;
}

/** A test case: what it asks for, and unfolded what came of it. */
export function CaseRow({ test, shown, faults, pending, onRun, onEdit, onRemove }: CaseRowProps) {
  const [open, setOpen] = useState<boolean | null>(null);
  const unfolded = open ?? shown?.state === "failed";
  const [tone, word] = shown ? STATES[shown.state] : ["idle" as const, "Not run"];
  const busy = shown?.state === "queued" || shown?.state === "running";
  return (
    <article className={classes.case} aria-label={test.name}>
      <div className={classes.line}>
        <UnstyledButton className={classes.fold} aria-expanded={unfolded} onClick={() => setOpen(!unfolded)}>
          <span className={classes.arrow} data-open={unfolded || undefined}>
            <IconChevronRight size={13} strokeWidth={2.2} />
          </span>
          <span className={classes.name}>{test.name}</span>
        </UnstyledButton>
        <span className={classes.state}>
          <StatusDot tone={tone}>{word}</StatusDot>
          {shown && shown.result.duration_ms !== null && !busy ? (
            <span className={classes.took}>{formatDuration(shown.result.duration_ms)}</span>
          ) : null}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Run “${test.name}”`}
          disabled={pending || busy}
          onClick={onRun}
        >
          <IconPlay size={14} />
        </ActionIcon>
        {onEdit || onRemove ? (
          <Menu>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`More for “${test.name}”`}>
                <IconMore size={15} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {onEdit ? <Menu.Item onClick={onEdit}>Change</Menu.Item> : null}
              {onRemove ? <Menu.Item onClick={onRemove}>Remove</Menu.Item> : null}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      {faults.length > 0 ? (
        <ul className={classes.faults} aria-label="Faults">
          {faults.map(({ path, message }) => (
            <li key={path}>
              <code>{path.replace(/^tests\[\d+\]\.?/, "")}</code> {message}
            </li>
          ))}
        </ul>
      ) : null}
      {unfolded ? <Unfolded test={test} result={shown && !busy ? shown.result : null} /> : null}
    </article>
  );
}

function Unfolded({ test, result }: { test: Case; result: CaseResult | null }) {
  const checks = test.checks ?? [];
  const pinned = Object.keys(test.pinned ?? {});
  return (
    <div className={classes.unfolded}>
      {result?.error ? (
        <Text size="sm" className={classes.error ?? ""} role="alert">
          {result.error.node ? `${result.error.type} in ${result.error.node}: ` : `${result.error.type}: `}
          {result.error.message}
        </Text>
      ) : null}
      <ul className={classes.checks} aria-label="Checks">
        {checks.map((check, place) => (
          <li key={place}>
            <CheckOutcome words={checkInWords(check)} outcome={result?.checks[place] ?? null} />
          </li>
        ))}
        {checks.length === 0 ? <li className={classes.quiet}>The run completes.</li> : null}
      </ul>
      {pinned.length > 0 ? (
        <p className={classes.quiet}>
          {plural(pinned.length, "node is", "nodes are")} not done: {pinned.join(", ")}
        </p>
      ) : null}
      <details className={classes.input}>
        <summary>Input</summary>
        <JsonTree value={test.input ?? {}} label="Input" />
      </details>
      {result?.run_id ? (
        <Link to={`/runs/${result.run_id}`} className={classes.run}>
          Look at the run
        </Link>
      ) : null}
    </div>
  );
}
