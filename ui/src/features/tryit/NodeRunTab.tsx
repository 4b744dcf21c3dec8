import { Button, Group, Select, Text } from "@mantine/core";
import { useState } from "react";
import { Failure } from "@/components/Failure";
import { Section, STATES } from "@/components/graph/NodeDetails";
import { IconPlay, IconRefresh } from "@/components/icons";
import { PauseCard } from "@/components/pauses/PauseCard";
import { StatusDot } from "@/components/StatusDot";
import { useEditor } from "@/features/editor/store";
import { formatDuration, plural } from "@/lib/format";
import { pathOf, placesOf } from "@/lib/places";
import type { NodeTrace, RunTrace } from "@/lib/trace";
import { costInWords, costOf } from "@/lib/tryit/cost";
import { tokensOf } from "@/lib/tryit/nodeRuns";
import type { Node, Toolchain } from "@/models";
import classes from "./Tryit.module.css";
import { NodeInputsDialog } from "./NodeInputsDialog";
import { Pin } from "./Pin";
import { useTrial } from "./trial";
import { useAlone } from "./useAlone";
import { usePrices } from "./usePrices";
import { useTryOut } from "./useTryOut";
import { ValuePanel } from "./ValuePanel";

/** How a node fared in the run that is shown, and ways to run it: alone, from here on, or not at all. */
export function NodeRunTab({ node }: { node: Node }) {
  // Of a node that was done alone, the others stand as they were in the run before.
  const watched = useTrial(({ watched: shown, base }) => {
    const only = shown?.detail?.only_node ?? null;
    return only === null || only === node.id ? shown : base;
  });
  const past = useTrial((state) => state.past);
  const toolchain = useEditor((state) => state.toolchain);
  const trace = past ?? watched?.trace ?? null;
  const ran = watched?.detail?.toolchain ?? toolchain;
  const places = trace ? placesOf(trace, ran, node.id) : [];
  const [chosen, choose] = useState<string | null>(null);
  const place = chosen !== null && places.includes(chosen) ? chosen : (places.at(-1) ?? null);
  const of = trace && place !== null ? (trace.nodes.get(place) ?? null) : null;
  return (
    <>
      <Ways node={node} />
      <Pin
        key={node.id}
        node={node}
        runId={watched?.detail?.run_id ?? null}
        place={place}
        output={of?.output ?? undefined}
      />
      {places.length > 1 && trace ? (
        <Rounds trace={trace} toolchain={ran} places={places} place={place} onChoose={choose} />
      ) : null}
      {of && watched?.detail ? (
        <div className={classes.fared}>
          <Fared runId={watched.detail.run_id} trace={trace} node={of} toolchain={ran} />
        </div>
      ) : null}
      {!of ? (
        <Text size="sm" c="dimmed" mt="md">
          {trace ? "The run has not come to it." : "No run is shown."}
        </Text>
      ) : null}
    </>
  );
}

function Ways({ node }: { node: Node }) {
  const top = useEditor((state) => state.toolchain.nodes.some(({ id }) => id === node.id));
  const sound = useEditor((state) => state.checked && state.faults.length === 0);
  const baseId = useTrial((state) => state.baseId);
  const { runFrom, pending } = useTryOut();
  const { doAlone, asking, ask, close } = useAlone(node);
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-sm"
          leftSection={<IconPlay size={13} />}
          disabled={!sound}
          loading={pending}
          onClick={() => void doAlone()}
        >
          Run this node
        </Button>
        <Button size="compact-sm" variant="default" disabled={!sound} onClick={() => void ask()}>
          With other inputs
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={13} />}
          disabled={!top || !sound || baseId === null}
          onClick={() => void runFrom(node.id)}
        >
          Run from here
        </Button>
      </Group>
      {top ? null : (
        <Text size="xs" c="dimmed" mt={6}>
          It runs in a round as the last run had it. From here on only what it lies within can be run.
        </Text>
      )}
      {asking ? <NodeInputsDialog node={node} inputs={asking} onClose={close} /> : null}
    </>
  );
}

interface RoundsProps {
  trace: RunTrace;
  toolchain: Toolchain;
  places: readonly string[];
  place: string | null;
  onChoose: (place: string | null) => void;
}

// Of ten thousand rounds the last ones are enough to choose from.
const MOST_ROUNDS = 200;

function Rounds({ trace, toolchain, places, place, onChoose }: RoundsProps) {
  return (
    <Select
      mt="md"
      size="xs"
      label={`Done ${places.length} times`}
      data={places.slice(-MOST_ROUNDS).map((value) => ({ value, label: pathOf(value, trace, toolchain) }))}
      value={place}
      onChange={onChoose}
    />
  );
}

interface FaredProps {
  runId: string;
  trace: RunTrace | null;
  node: NodeTrace;
  toolchain: Toolchain;
}

function Fared({ runId, trace, node, toolchain }: FaredProps) {
  const [tone, word] = STATES[node.status];
  const tokens = tokensOf([node]);
  const cost = costOf([node], usePrices());
  const words = [
    node.durationMs === null ? word : `${word} in ${formatDuration(node.durationMs)}`,
    tokens === null ? null : plural(tokens, "token"),
    cost && costInWords(cost),
  ].filter((part) => part !== null);
  return (
    <>
      <Section title="In this run">
        <StatusDot tone={tone}>{words.join(", ")}</StatusDot>
      </Section>
      {trace?.pauses
        .filter((pause) => pause.node === node.id)
        .map((pause) => (
          <PauseCard key={pause.node} runId={runId} pause={pause} place={pathOf(pause.node, trace, toolchain)} />
        ))}
      {node.error === null ? null : (
        <Section title="Error">
          <Failure fault={new Error(node.error)} />
        </Section>
      )}
      {node.retrying ? (
        <Section title="Trying again">
          <Failure fault={new Error(node.retrying.error)} />
        </Section>
      ) : null}
      {node.status === "running"
        ? Object.entries(node.texts).map(([path, text]) => (
            <Section key={path} title={path === "" ? "Streamed text" : `Streamed into ${path}`}>
              <ValuePanel value={text} label="Streamed text" />
            </Section>
          ))
        : null}
      {node.output === null ? null : (
        <Section title="What it gave">
          <ValuePanel value={node.output} label="Output of the node" />
        </Section>
      )}
      {isEmpty(node.input) ? null : (
        <Section title="What it was given">
          <ValuePanel value={node.input} label="Input of the node" />
        </Section>
      )}
    </>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}
