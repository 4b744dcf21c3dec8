import { ActionIcon, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Failure } from "@/components/Failure";
import { IconClose } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { titleOf } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import { factsOf, waysInWords } from "@/lib/nodeFacts";
import type { NodeStatus, NodeTrace } from "@/lib/trace";
import type { Node } from "@/models";
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
  /** Null: a step within a node that the toolchain does not define. */
  node: Node | null;
  /** In the place of the node's own. */
  kind?: string;
  title?: string | null;
  /** Undefined: no run is shown. Null: the run has not come to it. */
  trace?: NodeTrace | null | undefined;
  /** What else there is to say about how it fared. */
  children?: ReactNode;
  onClose: () => void;
}

/** Everything about one node: how it fared in the run that is shown, and how it is defined. */
export function NodeDetails({ node, kind, title, trace, children, onClose }: NodeDetailsProps) {
  const { label, summary, Icon } = kindOf(node?.kind ?? kind ?? "");
  return (
    <div>
      <div className={classes.node} ref={comeIntoView}>
        <span className={classes.kind}>
          <Icon size={22} />
        </span>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} size="h5">
            {title ?? (node ? titleOf(node) : label)}
          </Title>
          <Text size="sm" c="dimmed">
            {label}. {summary}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close node" onClick={onClose}>
          <IconClose size={18} />
        </ActionIcon>
      </div>
      {trace === undefined ? children : <NodeOfRun trace={trace}>{children}</NodeOfRun>}
      {node ? <Definition node={node} /> : null}
    </div>
  );
}

/** On phones the details are below the graph: whoever selects a node wants to see them. */
function comeIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

/** How a node fared, in a word. */
export const STATES: Record<NodeStatus, [tone: Tone, word: string]> = {
  running: ["busy", "Running"],
  waiting: ["warn", "Waiting"],
  completed: ["good", "Completed"],
  skipped: ["idle", "Skipped"],
  failed: ["bad", "Failed"],
  stopped: ["idle", "Stopped"],
};

function NodeOfRun({ trace, children }: { trace: NodeTrace | null; children: ReactNode }) {
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
      {children}
      {trace.error === null ? null : (
        <Section title="Error">
          <Failure fault={new Error(trace.error)} />
        </Section>
      )}
      {trace.retrying ? (
        <Section title="Trying again">
          <Failure fault={new Error(trace.retrying.error)} />
          <Text size="sm" mt="xs">
            That was attempt {trace.retrying.attempt}. The next one begins{" "}
            {formatDuration(trace.retrying.nextInSeconds * 1000)} after it.
          </Text>
        </Section>
      ) : null}
      {Object.entries(trace.texts).map(([path, text]) => (
        <Section key={path} title={path === "" ? "Streamed text" : `Streamed into ${path}`}>
          <div className={classes.stream}>{text}</div>
        </Section>
      ))}
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
