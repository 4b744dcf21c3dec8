import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { titleOf } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import type { Bar, Timeline } from "@/lib/timeline";
import type { Toolchain } from "@/models";
import "@/components/tones.css";
import classes from "./TimelineTable.module.css";

interface TimelineTableProps {
  timeline: Timeline;
  toolchain: Toolchain;
  selected: string | null;
  onSelect: (node: string) => void;
}

/** When each node ran and for how long: bars for the eye, figures for everybody. */
export function TimelineTable({ timeline, toolchain, selected, onSelect }: TimelineTableProps) {
  const { bars, ticks, totalMs } = timeline;
  const titles = useMemo(() => new Map(toolchain.nodes.map((node) => [node.id, titleOf(node)])), [toolchain]);
  return (
    <div className={classes.box}>
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
          {bars.map((bar) => (
            <tr key={bar.id} data-selected={bar.id === selected || undefined}>
              <td className={classes.name}>
                <UnstyledButton className={classes.node} onClick={() => onSelect(bar.id)}>
                  {titles.get(bar.id) ?? bar.id}
                </UnstyledButton>
              </td>
              <td className={classes.lane}>
                <span className={classes.hidden}>{formatDuration(bar.offsetMs)}</span>
                <BarOf bar={bar} />
              </td>
              <td className={`${classes.figure ?? ""} tabular`}>
                {formatDuration(bar.durationMs)}
                <span className={classes.hidden}>, {bar.status}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {bars.length === 0 ? <p className={classes.nothing}>No node has begun.</p> : null}
    </div>
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
