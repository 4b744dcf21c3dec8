import { Button, Center, Loader, Tabs } from "@mantine/core";
import { useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useCancelRun } from "@/api/runs";
import { useRunTrace, type WatchedRun } from "@/api/runTrace";
import { Failure } from "@/components/Failure";
import { ToolchainGraph } from "@/components/graph";
import { IconStop } from "@/components/icons";
import { Page } from "@/components/Page";
import { RunStatusDot } from "@/components/RunStatusDot";
import { toastFailure } from "@/components/toast";
import { useNow } from "@/components/useNow";
import { Workspace } from "@/components/Workspace";
import { formatAgo, formatDuration } from "@/lib/format";
import { nodeAt } from "@/lib/places";
import { timelineOf } from "@/lib/timeline";
import { hasEnded, type RunTrace } from "@/lib/trace";
import type { RunDetail } from "@/models";
import { CheckpointPanel } from "./CheckpointPanel";
import { NodePanel } from "./NodePanel";
import { RunOverview } from "./RunOverview";
import classes from "./RunPage.module.css";
import { StepSlider } from "./StepSlider";
import { TimelineTable } from "./TimelineTable";
import { useTravel } from "./useTravel";

export function RunPage() {
  const { runId = "" } = useParams();
  const watched = useRunTrace(runId);
  const { detail, trace } = watched;
  if (detail && trace) return <Loaded key={runId} detail={detail} trace={trace} watched={watched} />;
  return watched.fault ? (
    <Page title="Run">
      <Failure fault={watched.fault} onRetry={watched.retry} />
    </Page>
  ) : (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading the run" />
    </Center>
  );
}

interface LoadedProps {
  detail: RunDetail;
  trace: RunTrace;
  watched: WatchedRun;
}

type Tab = "timeline" | "steps";

function Loaded({ detail, trace, watched }: LoadedProps) {
  const { toolchain } = detail;
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const asked = /^\d+$/.test(params.get("step") ?? "") ? Number(params.get("step")) : null;
  const [tab, setTab] = useState<Tab>(asked === null ? "timeline" : "steps");
  const [selected, setSelected] = useState<string | null>(null);
  const aside = useRef<HTMLDivElement>(null);
  const now = useNow(trace.status === "running" || trace.status === "queued" ? 200 : null);
  const travel = useTravel(detail.run_id, trace, { enabled: tab === "steps", live: watched.live, step: asked });
  const travelling = tab === "steps" && travel.checkpoint !== null;
  const ended = travelling ? (travel.checkpoint?.node ?? null) : null;

  /** While one travels a node leads to the last step that it ended. */
  function select(id: string | null) {
    if (tab === "timeline") {
      setSelected(id);
      return;
    }
    const step = travel.checkpoints.findLastIndex(({ node }) => node !== null && nodeIdOf(node) === id);
    if (step !== -1) travel.go(step);
  }

  const nodeIdOf = (place: string) => nodeAt(toolchain, place)?.node.id ?? null;
  return (
    <Workspace
      back={{ to: "/runs", label: "Runs" }}
      title={toolchain.title}
      facts={<Facts run={detail} trace={trace} now={now} />}
      actions={
        <>
          {trace.pauses.length > 0 && !travelling && selected === null ? (
            // Where the page is one column what it waits for is far below.
            <Button size="sm" hiddenFrom="md" onClick={() => aside.current?.scrollIntoView({ block: "start" })}>
              See what it waits for
            </Button>
          ) : null}
          {hasEnded(trace.status) ? null : <Cancel runId={detail.run_id} />}
        </>
      }
      asideLabel={travelling ? "The step" : selected ? "The node" : "About the run"}
      aside={
        <div className={classes.panel} ref={aside}>
          {watched.fault ? (
            <div className={classes.lost}>
              <Failure fault={watched.fault} onRetry={watched.retry} />
            </div>
          ) : null}
          {travelling ? (
            <CheckpointPanel
              key={travel.checkpoint?.checkpoint_id}
              detail={detail}
              trace={trace}
              travel={travel}
              onForked={(run) => void navigate(`/runs/${run}`)}
            />
          ) : selected ? (
            <NodePanel
              key={selected}
              selected={selected}
              trace={trace}
              toolchain={toolchain}
              onSelect={setSelected}
              onClose={() => setSelected(null)}
            />
          ) : (
            <RunOverview detail={detail} trace={trace} onSelect={setSelected} />
          )}
        </div>
      }
    >
      <div className={classes.graph}>
        <ToolchainGraph
          toolchain={toolchain}
          trace={travelling ? travel.trace : trace}
          selected={travelling ? ended && nodeIdOf(ended) : selected && (nodeIdOf(selected) ?? selected)}
          onSelect={select}
        />
      </div>
      <Tabs value={tab} onChange={(next) => setTab((next ?? "timeline") as Tab)} className={classes.below ?? ""}>
        <Tabs.List className={classes.tabs ?? ""}>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="steps">Steps</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="timeline" className={classes.tab ?? ""}>
          <TimelineTable
            timeline={timelineOf(trace, now)}
            trace={trace}
            toolchain={toolchain}
            selected={selected}
            onSelect={setSelected}
          />
        </Tabs.Panel>
        <Tabs.Panel value="steps">
          <StepSlider travel={travel} trace={trace} toolchain={toolchain} />
        </Tabs.Panel>
      </Tabs>
    </Workspace>
  );
}

function Facts({ run, trace, now }: { run: RunDetail; trace: RunTrace; now: number }) {
  const [parent, step] = run.forked_from?.split(".") ?? [];
  return (
    <>
      <RunStatusDot status={trace.status} />
      <span title={new Date(run.created_at).toLocaleString()}>{formatAgo(run.created_at)}</span>
      <Took trace={trace} now={now} />
      <Link to={`/toolchains/${run.toolchain_id}`} className={classes.quiet}>
        {run.toolchain_id}, {run.toolchain_version ? `version ${run.toolchain_version}` : "a draft"}
      </Link>
      {parent ? (
        <Link to={`/runs/${parent}?step=${step ?? "0"}`} className={classes.quiet}>
          Forked from step {step} of another run
        </Link>
      ) : null}
      {run.attempts > 1 ? <span>attempt {run.attempts}</span> : null}
    </>
  );
}

function Took({ trace: { startedAt, finishedAt, status }, now }: { trace: RunTrace; now: number }) {
  if (startedAt === null || status === "queued" || (finishedAt === null && status !== "running")) return null;
  return <span className="tabular">{formatDuration(Math.max(0, (finishedAt ?? now) - startedAt))}</span>;
}

function Cancel({ runId }: { runId: string }) {
  const cancel = useCancelRun();
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconStop size={15} />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate(runId, { onError: toastFailure })}
    >
      Cancel
    </Button>
  );
}
