import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { ApiError } from "@/api/client";
import type { WatchedRun } from "@/api/runTrace";
import { useStartRun } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { IconPlay } from "@/components/icons";
import { RunProgress } from "@/features/tryit/RunProgress";
import { fieldOfFault } from "@/lib/formFaults";
import { isObject } from "@/lib/json";
import { formOf } from "@/lib/schemaForm";
import type { StoredToolchain, Suggestion } from "@/models";
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
      {runId === null ? null : <RunProgress key={runId} runId={runId} run={run} toolchain={toolchain} />}
    </div>
  );
}

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  onChoose: (suggestion: Suggestion) => void;
}

/** Inputs to begin with. */
export function Suggestions({ suggestions, onChoose }: SuggestionsProps) {
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
