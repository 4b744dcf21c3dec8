import { Loader, Select, Switch, Text, UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useRun, useRuns } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { STATES } from "@/components/graph/NodeDetails";
import { RunStatusDot, statusInWords } from "@/components/RunStatusDot";
import { StatusDot } from "@/components/StatusDot";
import { useEditor } from "@/features/editor/store";
import { formatAgo, formatDuration, plural } from "@/lib/format";
import { type NodeTrace, type RunTrace, traceOf } from "@/lib/trace";
import { type Compared, compareRuns } from "@/lib/tryit/compare";
import type { RunDetail } from "@/models";
import { useTrial, useTrialStore } from "./trial";
import classes from "./Tryit.module.css";
import { ValuePanel } from "./ValuePanel";

/** Two runs side by side: where they part, and what each gave there. */
export function CompareTab() {
  const watched = useTrial((state) => state.watched);
  const trial = useTrialStore();
  const otherId = useTrial((state) => state.otherId);
  const id = useEditor((state) => state.toolchain.id);
  const { data: runs = [] } = useRuns({ toolchain_id: id, status: null });
  const other = useRun(otherId);
  if (!watched?.detail || !watched.trace) {
    return (
      <Text size="sm" c="dimmed">
        Run it, or look at an earlier run: then it can be compared with another.
      </Text>
    );
  }
  const { detail, trace } = watched;
  return (
    <div className={classes.compare}>
      <Select
        size="xs"
        maw={360}
        label="Compare the run that is shown with"
        placeholder="Choose a run"
        data={runs
          .filter((run) => run.run_id !== detail.run_id)
          .map((run) => ({ value: run.run_id, label: `${statusInWords(run.status)}, ${formatAgo(run.created_at)}` }))}
        value={otherId}
        onChange={(next) => trial.setState({ otherId: next })}
      />
      {other.error ? <Failure fault={other.error} /> : null}
      {otherId !== null && other.isPending ? <Loader size="xs" aria-label="Loading the other run" /> : null}
      {other.data ? <Sides left={{ detail, trace }} right={other.data} /> : null}
    </div>
  );
}

interface SidesProps {
  left: { detail: RunDetail; trace: RunTrace };
  right: RunDetail;
}

const MOST_ROWS = 300;

function Sides({ left, right }: SidesProps) {
  const [only, setOnly] = useState(false);
  const [opened, open] = useState<string | null>(null);
  const there = useMemo(() => traceOf(right), [right]);
  const rows = useMemo(
    () =>
      compareRuns(
        { trace: left.trace, toolchain: left.detail.toolchain },
        { trace: there, toolchain: right.toolchain },
      ),
    [left, there, right],
  );
  const differing = rows.filter(({ differs }) => differs !== null);
  const shown = (only ? differing : rows).slice(0, MOST_ROWS);
  return (
    <>
      <div className={classes.compareHead}>
        <Text size="sm">
          {differing.length === 0
            ? "Every node gave the same."
            : `${plural(differing.length, "node differs", "nodes differ")}.`}
        </Text>
        <Switch
          size="xs"
          label="Only what differs"
          checked={only}
          onChange={(event) => setOnly(event.currentTarget.checked)}
        />
      </div>
      <div className={classes.tableBox} role="region" aria-label="Two runs side by side" tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">
                Shown <RunStatusDot status={left.trace.status} />
              </th>
              <th scope="col">
                Other <RunStatusDot status={right.status} />
              </th>
              <th scope="col">Differs in</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row
                key={row.place}
                row={row}
                opened={opened === row.place}
                onOpen={() => open(opened === row.place ? null : row.place)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes.pair}>
        <ValuePanel value={left.detail.output ?? left.trace.output} label="Output of the run that is shown" />
        <ValuePanel value={right.output} label="Output of the other run" />
      </div>
    </>
  );
}

const WORDS: Record<NonNullable<Compared["differs"]>, string> = {
  presence: "only one did it",
  status: "how it ended",
  output: "what it gave",
  input: "what it was given",
};

function Row({ row, opened, onOpen }: { row: Compared; opened: boolean; onOpen: () => void }) {
  return (
    <>
      <tr data-differs={row.differs ?? undefined}>
        <td>
          <UnstyledButton className={classes.document} aria-expanded={opened} onClick={onOpen}>
            {row.title}
          </UnstyledButton>
        </td>
        <td>
          <Fared node={row.left} />
        </td>
        <td>
          <Fared node={row.right} />
        </td>
        <td>{row.differs ? WORDS[row.differs] : ""}</td>
      </tr>
      {opened ? (
        <tr>
          <td colSpan={4}>
            <div className={classes.pair}>
              <ValuePanel
                value={row.left?.error ?? row.left?.output ?? null}
                label="What it gave in the run that is shown"
              />
              <ValuePanel value={row.right?.error ?? row.right?.output ?? null} label="What it gave in the other run" />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Fared({ node }: { node: NodeTrace | null }) {
  if (!node) return <span className={classes.absent}>—</span>;
  const [tone, word] = STATES[node.status];
  return (
    <StatusDot tone={tone}>{node.durationMs === null ? word : `${word}, ${formatDuration(node.durationMs)}`}</StatusDot>
  );
}
