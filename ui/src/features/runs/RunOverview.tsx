import { Anchor, Button, Progress, Text } from "@mantine/core";
import { Link } from "react-router";
import { useRetryRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/graph/NodeDetails";
import { IconRefresh } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { LiveTexts } from "@/components/LiveTexts";
import { PauseCard } from "@/components/pauses/PauseCard";
import { TEST_OF_RUN } from "@/lib/cases/results";
import { pathOf } from "@/lib/places";
import { hasEnded, type RunTrace } from "@/lib/trace";
import type { RunDetail } from "@/models";
import { Rounds } from "./Rounds";
import classes from "./RunOverview.module.css";
import { TimeAccountBar } from "./TimeAccountBar";

interface RunOverviewProps {
  detail: RunDetail;
  trace: RunTrace;
  onSelect: (node: string) => void;
}

/** What went into a run and what came out, what it waits for, or why nothing came. */
export function RunOverview({ detail, trace, onSelect }: RunOverviewProps) {
  const { output, progress } = trace;
  const { toolchain } = detail;
  const over = hasEnded(trace.status);
  return (
    <>
      {trace.pauses.length > 0 ? (
        <Section title={trace.pauses.length === 1 ? "It waits" : `It waits for ${trace.pauses.length} things`}>
          {trace.pauses.map((pause) => (
            <PauseCard
              key={pause.node}
              runId={detail.run_id}
              pause={pause}
              place={pathOf(pause.node, trace, toolchain)}
            />
          ))}
        </Section>
      ) : null}
      {trace.error ? <Fault detail={detail} trace={trace} onSelect={onSelect} /> : null}
      {progress ? (
        <Section title={progress.stage || "Progress"}>
          <Progress value={progress.part * 100} aria-label="Progress" />
        </Section>
      ) : null}
      <Rounds trace={trace} toolchain={toolchain} onSelect={onSelect} />
      {over ? null : <LiveTexts trace={trace} toolchain={toolchain} />}
      {output ? (
        <Section title="Output">
          <JsonTree value={output} label="Output of the run" />
        </Section>
      ) : null}
      {detail.time ? (
        <Section title="Where the time went">
          <TimeAccountBar time={detail.time} />
        </Section>
      ) : null}
      <Section title="Input">
        <JsonTree value={detail.input} label="Input of the run" />
        {detail.toolchain_version ? (
          <Button
            component={Link}
            to={`/toolchains/${detail.toolchain_id}/edit?${TEST_OF_RUN}=${detail.run_id}`}
            size="compact-sm"
            variant="default"
            mt="xs"
          >
            Make a test case of it
          </Button>
        ) : null}
      </Section>
      <Section title="Run">
        <dl className={classes.facts}>
          <dt>Run</dt>
          <dd>
            <code>{detail.run_id}</code>
          </dd>
          <dt>Thread</dt>
          <dd>
            <Anchor component={Link} to={`/toolchains/${detail.toolchain_id}?thread=${detail.thread_id}`} size="xs">
              <code>{detail.thread_id}</code>
            </Anchor>
          </dd>
        </dl>
      </Section>
    </>
  );
}

function Fault({ detail, trace, onSelect }: RunOverviewProps) {
  const { error, status } = trace;
  const retry = useRetryRun();
  if (!error) return null;
  const culprit = error.node ? pathOf(error.node, trace, detail.toolchain) : null;
  return (
    <Section title={status === "dead" ? `Given up after ${detail.attempts} attempts` : "Error"}>
      <Failure fault={new Error(error.message)} />
      <Text size="sm" mt="xs">
        <code className={classes.type}>{error.type}</code>
        {culprit && error.node ? (
          <>
            {" "}
            in{" "}
            <Anchor component="button" type="button" size="sm" onClick={() => onSelect(error.node ?? "")}>
              {culprit}
            </Anchor>
          </>
        ) : null}
      </Text>
      {status === "failed" || status === "dead" ? (
        <div className={classes.retry}>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconRefresh size={15} />}
            loading={retry.isPending}
            onClick={() => retry.mutate(detail.run_id)}
          >
            Retry
          </Button>
          <Text size="sm" c="dimmed">
            It goes on from its last recorded step; what is done is not done again.
          </Text>
        </div>
      ) : null}
      {retry.error ? <Failure fault={retry.error} /> : null}
    </Section>
  );
}
