import { Anchor, Progress, Text } from "@mantine/core";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/graph/NodeDetails";
import { JsonTree } from "@/components/JsonTree";
import { titleOf } from "@/lib/flow";
import type { RunTrace } from "@/lib/trace";
import type { RunDetail } from "@/models";
import classes from "./RunOverview.module.css";

interface RunOverviewProps {
  detail: RunDetail;
  trace: RunTrace;
  onSelect: (node: string) => void;
}

/** What went into a run and what came out, or why nothing did. */
export function RunOverview({ detail, trace, onSelect }: RunOverviewProps) {
  const { error, output, progress } = trace;
  const culprit = detail.toolchain.nodes.find(({ id }) => id === error?.node);
  const titles = new Map(detail.toolchain.nodes.map((node) => [node.id, titleOf(node)]));
  const writing = [...trace.nodes.values()].filter(({ text }) => text !== "");
  return (
    <>
      {error ? (
        <Section title="Error">
          <Failure fault={new Error(error.message)} />
          {culprit ? (
            <Text size="sm" mt="xs">
              It happened in{" "}
              <Anchor component="button" type="button" size="sm" onClick={() => onSelect(culprit.id)}>
                {titleOf(culprit)}
              </Anchor>
              .
            </Text>
          ) : null}
        </Section>
      ) : null}
      {progress ? (
        <Section title={progress.stage || "Progress"}>
          <Progress value={progress.part * 100} aria-label="Progress" />
        </Section>
      ) : null}
      {trace.output === null
        ? writing.map(({ id, text }) => (
            <Section key={id} title={titles.get(id) ?? id}>
              <div className={classes.text}>{text}</div>
            </Section>
          ))
        : null}
      {output ? (
        <Section title="Output">
          <JsonTree value={output} label="Output of the run" />
        </Section>
      ) : null}
      <Section title="Input">
        <JsonTree value={detail.input} label="Input of the run" />
      </Section>
      <Section title="Run">
        <code className={classes.id}>{detail.run_id}</code>
      </Section>
    </>
  );
}
