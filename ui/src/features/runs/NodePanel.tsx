import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { NodeDetails, Section, STATES } from "@/components/graph/NodeDetails";
import { StatusDot } from "@/components/StatusDot";
import { findNode } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import { nest, type Nested, nodeAt, pathOf, placesOf } from "@/lib/places";
import type { NodeTrace, RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import classes from "./NodePanel.module.css";

interface NodePanelProps {
  /** A place in the run, or a node of the toolchain. */
  selected: string;
  trace: RunTrace;
  toolchain: Toolchain;
  onSelect: (selected: string) => void;
  onClose: () => void;
}

/** A node of a run: how it fared, the steps within it, and how it is defined. */
export function NodePanel({ selected, trace, toolchain, onSelect, onClose }: NodePanelProps) {
  const rows = useMemo(() => flat(nest(trace, toolchain)), [trace, toolchain]);
  const places = trace.nodes.has(selected) ? [selected] : placesOf(trace, toolchain, selected);
  const place = places.length === 1 ? (places[0] ?? selected) : selected;
  const row = rows.find(({ trace: { id } }) => id === place);
  const found = nodeAt(toolchain, place);
  const node = found?.exact ? found.node : findNode(toolchain, selected);
  const rounds = places.length > 1 ? rows.filter(({ trace: { id } }) => places.includes(id)) : [];
  return (
    <NodeDetails
      node={node}
      kind={row?.trace.kind ?? node?.kind ?? ""}
      title={row ? pathOf(place, trace, toolchain) : null}
      trace={rounds.length > 0 ? undefined : (trace.nodes.get(place) ?? null)}
      onClose={onClose}
    >
      {rounds.length > 0 ? <Steps title={`Done ${rounds.length} times`} rows={rounds} onSelect={onSelect} /> : null}
      {row && row.children.length > 0 ? <Steps title="Steps within" rows={row.children} onSelect={onSelect} /> : null}
    </NodeDetails>
  );
}

function flat(rows: readonly Nested[]): Nested[] {
  return rows.flatMap((row) => [row, ...flat(row.children)]);
}

// A map may have ten thousand elements: more come with a click.
const SHOWN = 40;

function Steps({ title, rows, onSelect }: { title: string; rows: Nested[]; onSelect: (place: string) => void }) {
  const [shown, setShown] = useState(SHOWN);
  const hidden = rows.length - shown;
  return (
    <Section title={title}>
      <ul className={classes.steps}>
        {rows.slice(0, shown).map((row) => (
          <li key={row.trace.id}>
            <UnstyledButton className={classes.step} onClick={() => onSelect(row.trace.id)}>
              <span className={classes.title}>{row.title}</span>
              <Fared trace={row.trace} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <UnstyledButton className={classes.more} onClick={() => setShown(shown + 200)}>
          {`Show ${Math.min(200, hidden)} of ${hidden} more`}
        </UnstyledButton>
      ) : null}
    </Section>
  );
}

function Fared({ trace: { status, durationMs } }: { trace: NodeTrace }) {
  const [tone, word] = STATES[status];
  return (
    <span className={classes.fared}>
      <StatusDot tone={tone}>
        {durationMs === null || status !== "completed" ? word : formatDuration(durationMs)}
      </StatusDot>
    </span>
  );
}
