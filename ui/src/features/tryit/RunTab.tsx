import { Button, Select, Switch, Text } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "@/api/client";
import { useRuns } from "@/api/runs";
import { Failure } from "@/components/Failure";
import { SchemaForm } from "@/components/form/SchemaForm";
import { IconPlay } from "@/components/icons";
import { statusInWords } from "@/components/RunStatusDot";
import { useEditor } from "@/features/editor/store";
import { Suggestions } from "@/features/toolchains/RunPanel";
import { fieldOfFault } from "@/lib/formFaults";
import { formatAgo } from "@/lib/format";
import { isObject, type JsonObject } from "@/lib/json";
import { formOf } from "@/lib/schemaForm";
import { validPins } from "@/lib/tryit/pins";
import type { Suggestion } from "@/models";
import { RunProgress } from "./RunProgress";
import { useTrial, useTrialStore } from "./trial";
import classes from "./Tryit.module.css";
import { useTryOut } from "./useTryOut";

/** Runs the draft: its input at the left, what comes of it at the right. */
export function RunTab() {
  return (
    <div className={classes.columns}>
      <Giving />
      <div className={classes.results}>
        <Shown />
        <Coming />
      </div>
    </div>
  );
}

/** What comes of the run: drawn anew with everything that it does, which what stands beside it is not. */
function Coming() {
  const runId = useTrial((state) => state.runId);
  const watched = useTrial((state) => state.watched);
  const toolchain = useEditor((state) => state.toolchain);
  return runId === null || !watched ? (
    <Text size="sm" c="dimmed">
      What the run does is seen on the nodes and here.
    </Text>
  ) : (
    <RunProgress key={runId} runId={runId} run={watched} toolchain={watched.detail?.toolchain ?? toolchain} />
  );
}

function Giving() {
  const toolchain = useEditor((state) => state.toolchain);
  const faults = useEditor((state) => (state.checked ? state.faults.length : 0));
  const trial = useTrialStore();
  const thread = useTrial((state) => state.thread);
  const [begin, setBegin] = useState<Suggestion | null>(null);
  const { run, whole, pending } = useTryOut();
  const box = useRef<HTMLDivElement>(null);
  const asked = useTrial((state) => state.asked);
  useEffect(() => {
    if (!trial.getState().asked) return;
    trial.setState({ asked: false });
    if (!pending) box.current?.querySelector("form")?.requestSubmit();
  }, [trial, asked, pending]);
  const given: JsonObject | null = begin?.input ?? trial.getState().input;
  const schema = toolchain.input;
  const form = useMemo(() => formOf(schema, given ?? undefined), [schema, given]);
  const error = whole.error;
  const path = error instanceof ApiError ? fieldOfFault(form, error.field, "input") : null;
  const fault = error && path !== null ? { path, message: error.message } : null;
  const pins = Object.keys(validPins(toolchain)).length;
  const keeps = Object.values(toolchain.state ?? {}).some(({ scope }) => scope === "thread");
  return (
    <div className={classes.giving} ref={box}>
      <Suggestions suggestions={toolchain.suggestions ?? []} onChoose={setBegin} />
      {faults > 0 ? (
        <Text size="sm" c="dimmed" mb="sm">
          It runs when it has no faults.
        </Text>
      ) : null}
      <SchemaForm
        key={`${begin?.title ?? ""} ${JSON.stringify(schema ?? null)}`}
        form={form}
        label="Input of the run"
        action="Run"
        icon={<IconPlay size={15} />}
        pending={pending}
        fault={fault}
        onSubmit={(value) => void run(isObject(value) ? value : {})}
      />
      {error && !fault ? <Failure fault={error} /> : null}
      {pins > 0 ? (
        <Text size="xs" c="dimmed" mt="xs">
          {pins === 1 ? "One node gives" : `${pins} nodes give`} what is pinned.
        </Text>
      ) : null}
      {keeps ? (
        <Switch
          mt="sm"
          size="xs"
          label="Go on with the thread of the last run"
          checked={thread !== null}
          disabled={thread === null}
          onChange={() => trial.setState({ thread: null })}
        />
      ) : null}
    </div>
  );
}

/** Which run the nodes show: earlier ones can be looked at again. */
function Shown() {
  const id = useEditor((state) => state.toolchain.id);
  const trial = useTrialStore();
  const runId = useTrial((state) => state.runId);
  const { data: runs = [] } = useRuns({ toolchain_id: id, status: null });
  if (runs.length === 0) return null;
  const options = runs.map((run) => ({
    value: run.run_id,
    label: `${statusInWords(run.status)}, ${formatAgo(run.created_at)}${run.toolchain_version ? `, version ${run.toolchain_version}` : ", a draft"}`,
  }));
  return (
    <div className={classes.shown}>
      <Select
        size="xs"
        aria-label="Run that is shown"
        placeholder="Look at an earlier run"
        data={options}
        value={runs.some((run) => run.run_id === runId) ? runId : null}
        onChange={(next) => next !== null && trial.setState({ runId: next, baseId: next, past: null })}
        comboboxProps={{ width: 320, position: "bottom-start" }}
      />
      {runId === null ? null : (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => trial.setState({ runId: null, past: null })}
        >
          Hide
        </Button>
      )}
    </div>
  );
}
