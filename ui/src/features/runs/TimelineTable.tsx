import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { IconChevronRight } from "@/components/icons";
import { formatDuration } from "@/lib/format";
import { nest, type Nested, type Rounds, roundsInWords, roundsOf, visibleRows } from "@/lib/places";
import type { Bar, Timeline } from "@/lib/timeline";
import type { RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import "@/components/tones.css";
import classes from "./TimelineTable.module.css";

interface TimelineTableProps {
  timeline: Timeline;
  trace: RunTrace;
  toolchain: Toolchain;
  selected: string | null;
  onSelect: (node: string) => void;
}

/** When each node ran and for how long, those within others folded beneath: bars for the eye, figures for everybody. */
export function TimelineTable({ timeline, trace, toolchain, selected, onSelect }: TimelineTableProps) {
  const { bars, ticks, totalMs } = timeline;
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const rounds = useMemo(() => roundsOf(trace, toolchain), [trace, toolchain]);
  const rows = useMemo(() => visibleRows(nest(trace, toolchain), toggled), [trace, toolchain, toggled]);
  const folds = rows.some(({ row }) => row.children.length > 0);
  const barOf = useMemo(() => new Map(bars.map((bar) => [bar.id, bar])), [bars]);

  function toggle(id: string) {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  }

  return (
    <>
      <table className={classes.table} aria-label="Timeline">
        <thead>
          <tr>
            <th scope="col" className={classes.name}>
              Node
            </th>
            <th scope="col">
              <span className={classes.hidden}>Begins after</span>
              <span className={classes.axis} aria-hidden>
                {ticks
                  .filter((tick) => share(tick, totalMs) < LAST_LABEL)
                  .map((tick) => (
                    <span key={tick} style={{ left: `${share(tick, totalMs)}%` }}>
                      {tick === 0 ? "0" : formatDuration(tick)}
                    </span>
                  ))}
              </span>
            </th>
            <th scope="col" className={classes.figure}>
              Duration
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, open }) => (
            <Row
              key={row.trace.id}
              row={row}
              open={open}
              folds={folds}
              rounds={rounds.get(row.trace.id) ?? null}
              bar={barOf.get(row.trace.id)}
              selected={row.trace.id === selected}
              onToggle={() => toggle(row.trace.id)}
              onSelect={() => onSelect(row.trace.id)}
            />
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p className={classes.nothing}>No node has begun.</p> : null}
    </>
  );
}

interface RowProps {
  row: Nested;
  open: boolean;
  /** Whether some row has a button to fold it, for which all make room. */
  folds: boolean;
  rounds: Rounds | null;
  bar: Bar | undefined;
  selected: boolean;
  onToggle: () => void;
  onSelect: () => void;
}

function Row({ row, open, folds, rounds, bar, selected, onToggle, onSelect }: RowProps) {
  const { retrying, status } = row.trace;
  const words = [rounds ? roundsInWords(rounds) : null, retrying ? `attempt ${retrying.attempt + 1}` : null];
  const note = words.filter((word) => word !== null).join(", ");
  return (
    <tr data-selected={selected || undefined}>
      <td className={classes.name}>
        <span className={classes.label} style={{ paddingLeft: row.depth * 16 }}>
          {row.children.length > 0 ? (
            <UnstyledButton
              className={classes.fold}
              aria-expanded={open}
              aria-label={`Steps within ${row.title}`}
              onClick={onToggle}
            >
              <IconChevronRight size={13} strokeWidth={2.2} />
            </UnstyledButton>
          ) : folds ? (
            <span className={classes.gutter} />
          ) : null}
          <UnstyledButton className={classes.node} onClick={onSelect}>
            {row.title}
          </UnstyledButton>
          {note ? <span className={`${classes.rounds ?? ""} tabular`}>{note}</span> : null}
        </span>
      </td>
      <td className={classes.lane}>
        {bar ? (
          <>
            <span className={classes.hidden}>{formatDuration(bar.offsetMs)}</span>
            <BarOf bar={bar} />
          </>
        ) : null}
      </td>
      <td className={`${classes.figure ?? ""} tabular`}>
        {status === "skipped" ? "skipped" : status === "waiting" ? "waiting" : formatDuration(bar?.durationMs ?? 0)}
        <span className={classes.hidden}>, {status}</span>
      </td>
    </tr>
  );
}

function BarOf({ bar }: { bar: Bar }) {
  return (
    <span
      className={classes.bar}
      data-status={bar.status}
      style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }}
      aria-hidden
    />
  );
}

// In percent: a label further right would meet the next column.
const LAST_LABEL = 95;

function share(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0;
}
