import { Button, Group, Progress, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import type { WatchedRun } from "@/api/runTrace";
import { useCancelRun, useStartRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { Section } from "@/components/graph/NodeDetails";
import { IconPlay, IconStop } from "@/components/icons";
import { JsonTree } from "@/components/JsonTree";
import { LiveTexts } from "@/components/LiveTexts";
import { PauseCard } from "@/components/pauses/PauseCard";
import { RunStatusDot } from "@/components/RunStatusDot";
import { toastFailure } from "@/components/toast";
import { formatDuration } from "@/lib/format";
import { fieldOfFault } from "@/lib/formFaults";
import { isObject } from "@/lib/json";
import { pathOf } from "@/lib/places";
import { formOf } from "@/lib/schemaForm";
import type { RunTrace } from "@/lib/trace";
import type { StoredToolchain, Suggestion, Toolchain } from "@/models";
import classes from "./RunPanel.module.css";
import { ThreadRuns } from "./ThreadRuns";

interface RunPanelProps {
  stored: StoredToolchain;
  /** The version that is shown, where it is not the latest. */
  version: number | null;
  runId: string | null;
  run: WatchedRun;
  /** The thread that the next run goes on with; null begins one. */
  thread: string | null;
  onThread: (thread: string | null) => void;
  onShow: (runId: string) => void;
}

/** Runs the toolchain that is shown, and tells what comes of it. */
export function RunPanel({ stored, version, runId, run, thread, onThread, onShow }: RunPanelProps) {
  const { id, toolchain } = stored;
  const start = useStartRun();
  const [begin, setBegin] = useState<Suggestion | null>(null);
  const form = useMemo(() => formOf(toolchain.input, begin?.input), [toolchain.input, begin]);
  const keeps =
    (toolchain.follow_up ?? null) !== null ||
    Object.values(toolchain.state ?? {}).some(({ scope }) => scope === "thread");
  const { error } = start;
  const path = error instanceof ApiError ? fieldOfFault(form, error.field, "input") : null;
  const fault = error && path !== null ? { path, message: error.message } : null;

  function submit(value: unknown) {
    start.mutate(
      { toolchain_id: id, version, thread_id: thread, input: isObject(value) ? value : {} },
      {
        onSuccess: (result) => {
          onShow(result.run_id);
          if (keeps) onThread(result.thread_id);
        },
      },
    );
  }

  return (
    <div>
      <Suggestions suggestions={toolchain.suggestions ?? []} onChoose={setBegin} />
      <div className={classes.form}>
        <SchemaForm
          // A suggestion fills the form in anew.
          key={begin?.title ?? ""}
          form={form}
          label="Input of the run"
          action="Run"
          icon={<IconPlay size={15} />}
          pending={start.isPending}
          fault={fault}
          onSubmit={submit}
        />
      </div>
      {error && !fault ? <Failure fault={error} /> : null}
      {keeps || thread !== null ? (
        <ThreadRuns toolchainId={id} thread={thread} shown={runId} onShow={onShow} onNew={() => onThread(null)} />
      ) : null}
      {runId === null ? null : <Progressing key={runId} runId={runId} run={run} toolchain={toolchain} />}
    </div>
  );
}

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  onChoose: (suggestion: Suggestion) => void;
}

function Suggestions({ suggestions, onChoose }: SuggestionsProps) {
  if (suggestions.length === 0) return null;
  return (
    <div className={classes.suggestions} role="group" aria-label="Suggestions">
      {suggestions.map((suggestion) => (
        <Button
          key={suggestion.title}
          size="compact-sm"
          variant="light"
          className={classes.suggestion ?? ""}
          onClick={() => onChoose(suggestion)}
        >
          {suggestion.title}
        </Button>
      ))}
    </div>
  );
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
      {trace ? <Outcome runId={runId} trace={trace} toolchain={toolchain} /> : null}
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
      <LiveTexts trace={trace} toolchain={toolchain} />
      {trace.output ? (
        <Section title="Output">
          <JsonTree value={trace.output} label="Output of the run" />
        </Section>
      ) : null}
    </>
  );
}
