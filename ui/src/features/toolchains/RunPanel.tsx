import { Button, Group, Progress, Text } from "@mantine/core";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import type { WatchedRun } from "@/api/runTrace";
import { useCancelRun, useStartRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/graph/NodeDetails";
import { IconStop } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { RunStatusDot } from "@/components/RunStatusDot";
import { toastFailure } from "@/components/toast";
import { titleOf } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import type { RunTrace } from "@/lib/trace";
import type { StoredToolchain, Toolchain } from "@/models";
import { InputForm } from "./InputForm";
import classes from "./RunPanel.module.css";

interface RunPanelProps {
  stored: StoredToolchain;
  runId: string | null;
  run: WatchedRun;
  onStarted: (runId: string) => void;
}

/** Runs the toolchain that is shown, and tells what comes of it. */
export function RunPanel({ stored, runId, run, onStarted }: RunPanelProps) {
  const start = useStartRun();
  const fault = fieldFault(start.error);
  return (
    <div>
      <InputForm
        schema={stored.toolchain.input}
        pending={start.isPending}
        fault={fault}
        onSubmit={(input) =>
          start.mutate({ toolchain_id: stored.id, input }, { onSuccess: (result) => onStarted(result.run_id) })
        }
      />
      {start.error && !fault ? <Failure fault={start.error} /> : null}
      {runId === null ? null : <Progressing key={runId} runId={runId} run={run} toolchain={stored.toolchain} />}
    </div>
  );
}

/** The fault of one field of the input (`input.question`), which its form can show in place. */
function fieldFault(error: Error | null): { field: string; message: string } | null {
  const field = error instanceof ApiError ? /^input\.([^.[]+)/.exec(error.field ?? "")?.[1] : undefined;
  return error && field ? { field, message: error.message } : null;
}

interface ProgressingProps {
  runId: string;
  run: WatchedRun;
  toolchain: Toolchain;
}

function Progressing({ runId, run, toolchain }: ProgressingProps) {
  const cancel = useCancelRun();
  const { trace, live, fault } = run;
  return (
    <section className={classes.run} aria-label="The run" aria-live="polite" ref={comeIntoView}>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          {trace ? <RunStatusDot status={trace.status} /> : null}
          <Took trace={trace} />
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
      {trace ? <Outcome trace={trace} toolchain={toolchain} /> : null}
    </section>
  );
}

/** What comes of a run begins below its form, out of sight. */
function comeIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "start" });
}

function Took({ trace }: { trace: RunTrace | null }) {
  if (!trace || trace.startedAt === null || trace.finishedAt === null) return null;
  return (
    <Text size="sm" c="dimmed" className="tabular">
      {formatDuration(trace.finishedAt - trace.startedAt)}
    </Text>
  );
}

function Outcome({ trace, toolchain }: { trace: RunTrace; toolchain: Toolchain }) {
  const writing = toolchain.nodes.flatMap((node) => trace.nodes.get(node.id) ?? []).filter(({ text }) => text !== "");
  const titles = new Map(toolchain.nodes.map((node) => [node.id, titleOf(node)]));
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
      {trace.error ? <Failure fault={new Error(trace.error.message)} /> : null}
      {writing.map(({ id, text, status }) => (
        <Section key={id} title={titles.get(id) ?? id}>
          <div className={classes.text} data-writing={status === "running" || undefined}>
            {text}
          </div>
        </Section>
      ))}
      {trace.output ? (
        <Section title="Output">
          <JsonTree value={trace.output} label="Output of the run" />
        </Section>
      ) : null}
    </>
  );
}
