import { Button, Group, Progress, Text } from "@mantine/core";
import { Link } from "react-router";
import type { WatchedRun } from "@/api/runTrace";
import { useCancelRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/graph/NodeDetails";
import { IconStop } from "@/components/icons";
import { LiveTexts } from "@/components/LiveTexts";
import { PauseCard } from "@/components/pauses/PauseCard";
import { RunStatusDot } from "@/components/RunStatusDot";
import { toastFailure } from "@/components/toast";
import { formatDuration, plural } from "@/lib/format";
import { pathOf } from "@/lib/places";
import { hasEnded, type RunTrace } from "@/lib/trace";
import { costInWords, costOfRun } from "@/lib/tryit/cost";
import { tokensOfRun } from "@/lib/tryit/nodeRuns";
import type { Toolchain } from "@/models";
import classes from "./Tryit.module.css";
import { usePrices } from "./usePrices";
import { ValuePanel } from "./ValuePanel";

interface RunProgressProps {
  runId: string;
  run: WatchedRun;
  toolchain: Toolchain;
}

/** How a run goes and what comes of it: its pauses are answered here, its text grows here. */
export function RunProgress({ runId, run, toolchain }: RunProgressProps) {
  const cancel = useCancelRun();
  const { trace, live, fault } = run;
  return (
    <section className={classes.run} aria-label="The run" aria-live="polite" ref={comeIntoView}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          {trace ? <RunStatusDot status={trace.status} /> : null}
          <Took trace={trace} toolchain={toolchain} />
        </Group>
        <Group gap="xs">
          {live ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconStop size={13} />}
              loading={cancel.isPending}
              onClick={() => cancel.mutate(runId, { onError: toastFailure })}
            >
              Cancel
            </Button>
          ) : null}
          <Button component={Link} to={`/runs/${runId}`} size="compact-sm" variant="subtle">
            Open run
          </Button>
        </Group>
      </Group>
      {fault ? <Failure fault={fault} onRetry={run.retry} /> : null}
      {trace ? <Outcome runId={runId} trace={trace} toolchain={toolchain} /> : null}
    </section>
  );
}

/** What comes of a run begins below its form, out of sight. */
function comeIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function Took({ trace, toolchain }: { trace: RunTrace | null; toolchain: Toolchain }) {
  const prices = usePrices();
  if (!trace) return null;
  const { startedAt, finishedAt } = trace;
  const tokens = tokensOfRun(trace, toolchain);
  const cost = costOfRun(trace, toolchain, prices);
  const words = [
    startedAt === null || finishedAt === null ? null : formatDuration(finishedAt - startedAt),
    tokens === null ? null : plural(tokens, "token"),
    cost && costInWords(cost),
  ].filter((word) => word !== null);
  return words.length === 0 ? null : (
    <Text size="sm" c="dimmed" className="tabular">
      {words.join(", ")}
    </Text>
  );
}

function Outcome({ runId, trace, toolchain }: { runId: string; trace: RunTrace; toolchain: Toolchain }) {
  return (
    <>
      {trace.progress ? (
        <div>
          <Text size="sm" c="dimmed" mb={4}>
            {trace.progress.stage || "Working"}
          </Text>
          <Progress value={trace.progress.part * 100} size="sm" aria-label="Progress" />
        </div>
      ) : null}
      {trace.pauses.map((pause) => (
        <PauseCard key={pause.node} runId={runId} pause={pause} place={pathOf(pause.node, trace, toolchain)} />
      ))}
      {trace.error ? <Failure fault={new Error(trace.error.message)} /> : null}
      {hasEnded(trace.status) ? null : <LiveTexts trace={trace} toolchain={toolchain} />}
      {trace.output ? (
        <Section title="Output">
          <ValuePanel value={trace.output} label="Output of the run" />
        </Section>
      ) : null}
    </>
  );
}
