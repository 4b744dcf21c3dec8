import { ActionIcon, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Failure } from "@/components/Failure";
import { IconClose } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { expressionInWords } from "@/lib/expression";
import { titleOf } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import type { NodeStatus, NodeTrace } from "@/lib/trace";
import type { BranchNode, Node } from "@/models";
import classes from "./Details.module.css";
import { kindOf } from "./kinds";
import { Values } from "./ValueView";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>{title}</h3>
      {children}
    </section>
  );
}

interface NodeDetailsProps {
  node: Node;
  /** Undefined: no run is shown. Null: the run has not come to it. */
  trace?: NodeTrace | null | undefined;
  onClose: () => void;
}

/** Everything about one node: how it fared in the run that is shown, and how it is defined. */
export function NodeDetails({ node, trace, onClose }: NodeDetailsProps) {
  const { label, summary, Icon } = kindOf(node.kind);
  return (
    <div>
      <div className={classes.node} ref={comeIntoView}>
        <span className={classes.kind}>
          <Icon size={22} />
        </span>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} size="h5">
            {titleOf(node)}
          </Title>
          <Text size="sm" c="dimmed">
            {label}. {summary}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close node" onClick={onClose}>
          <IconClose size={18} />
        </ActionIcon>
      </div>
      {trace === undefined ? null : <NodeOfRun trace={trace} />}
      <Definition node={node} />
    </div>
  );
}

/** On phones the details are below the graph: whoever selects a node wants to see them. */
function comeIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

const STATES: Record<NodeStatus, [tone: Tone, word: string]> = {
  running: ["busy", "Running"],
  completed: ["good", "Completed"],
  failed: ["bad", "Failed"],
  stopped: ["idle", "Stopped"],
};

function NodeOfRun({ trace }: { trace: NodeTrace | null }) {
  if (!trace) {
    return (
      <Section title="In this run">
        <StatusDot tone="idle">Not reached</StatusDot>
      </Section>
    );
  }
  const [tone, word] = STATES[trace.status];
  return (
    <>
      <Section title="In this run">
        <StatusDot tone={tone}>
          {word}
          {trace.durationMs === null ? null : ` in ${formatDuration(trace.durationMs)}`}
        </StatusDot>
      </Section>
      {trace.error === null ? null : (
        <Section title="Error">
          <Failure fault={new Error(trace.error)} />
        </Section>
      )}
      {trace.text === "" ? null : (
        <Section title="Streamed text">
          <div className={classes.stream}>{trace.text}</div>
        </Section>
      )}
      {isEmpty(trace.input) ? null : (
        <Section title="What it was given">
          <JsonTree value={trace.input} label="Input of the node" />
        </Section>
      )}
      {trace.output === null ? null : (
        <Section title="What it gave">
          <JsonTree value={trace.output} label="Output of the node" />
        </Section>
      )}
    </>
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function Definition({ node }: { node: Node }) {
  return (
    <>
      <Section title="Definition">
        <Values values={factsOf(node)} />
      </Section>
      {"input" in node && !isEmpty(node.input) ? (
        <Section title="Arguments">
          <Values values={node.input ?? {}} />
        </Section>
      ) : null}
      {node.kind === "branch" ? (
        <Section title="Ways">
          <Values values={waysInWords(node)} />
        </Section>
      ) : null}
      {"write" in node && !isEmpty(node.write) ? (
        <Section title="Writes to the state">
          <Values values={node.write ?? {}} />
        </Section>
      ) : null}
    </>
  );
}

/** In the order in which they are tried. */
function waysInWords({ cases, else: rest }: BranchNode): Record<string, unknown> {
  const ways = cases.map(({ when, to }, index): [string, unknown] => [
    `${index + 1}. ${expressionInWords(when)}`,
    { ref: to },
  ]);
  return Object.fromEntries([...ways, [`${cases.length + 1}. otherwise`, { ref: rest }]]);
}

/** The fields of a node that are its own, in the words of the form; those that are left out are left out. */
function factsOf(node: Node): Record<string, unknown> {
  const facts: Record<string, unknown> = { id: node.id };
  switch (node.kind) {
    case "function":
      facts["function"] = { ref: node.function };
      facts["time limit"] = limit(node.timeout_seconds);
      break;
    case "llm":
      facts["model"] = node.model ?? "the platform’s default";
      facts["messages"] = node.messages;
      facts["streams into"] = node.stream ? { ref: `state.${node.stream}` } : null;
      facts["cites"] = node.cite ?? null;
      facts["temperature"] = node.temperature ?? null;
      facts["max tokens"] = node.max_tokens ?? null;
      facts["time limit"] = limit(node.timeout_seconds);
      break;
    case "branch":
      break;
    case "emit":
      facts["event"] = node.event;
      facts["data"] = node.data;
      break;
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined));
}

function limit(seconds: number | undefined): string | null {
  return seconds === undefined ? null : formatDuration(seconds * 1000);
}
