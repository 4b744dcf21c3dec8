import { Button, Center, Loader } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { useCancelRun } from "@/api/runs";
import { useRunTrace, type WatchedRun } from "@/api/runTrace";
import { Failure } from "@/components/Failure";
import { ToolchainGraph } from "@/components/graph";
import { NodeDetails } from "@/components/graph/NodeDetails";
import { IconStop } from "@/components/icons";
import { Page } from "@/components/Page";
import { RunStatusDot } from "@/components/RunStatusDot";
import { toastFailure } from "@/components/toast";
import { useNow } from "@/components/useNow";
import { Workspace } from "@/components/Workspace";
import { formatAgo, formatDuration } from "@/lib/format";
import { timelineOf } from "@/lib/timeline";
import type { RunTrace } from "@/lib/trace";
import type { RunDetail } from "@/models";
import { RunOverview } from "./RunOverview";
import classes from "./RunPage.module.css";
import { TimelineTable } from "./TimelineTable";

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

function Loaded({ detail, trace, watched }: LoadedProps) {
  const run = detail;
  const { toolchain } = run;
  const [selected, setSelected] = useState<string | null>(null);
  const now = useNow(watched.live ? 200 : null);
  const node = toolchain.nodes.find(({ id }) => id === selected);
  return (
    <Workspace
      back={{ to: "/runs", label: "Runs" }}
      title={toolchain.title}
      facts={
        <>
          <RunStatusDot status={trace.status} />
          <span title={new Date(run.created_at).toLocaleString()}>{formatAgo(run.created_at)}</span>
          <Took trace={trace} now={now} />
          <Link to={`/toolchains/${run.toolchain_id}`} className={classes.quiet}>
            {run.toolchain_id}, version {run.toolchain_version}
          </Link>
          {run.attempts > 1 ? <span>attempt {run.attempts}</span> : null}
        </>
      }
      actions={watched.live ? <Cancel runId={run.run_id} /> : null}
      asideLabel={node ? "The node" : "About the run"}
      aside={
        <div className={classes.panel}>
          {watched.fault ? (
            <div className={classes.lost}>
              <Failure fault={watched.fault} onRetry={watched.retry} />
            </div>
          ) : null}
          {node ? (
            <NodeDetails
              key={node.id}
              node={node}
              trace={trace.nodes.get(node.id) ?? null}
              onClose={() => setSelected(null)}
            />
          ) : (
            <RunOverview detail={detail} trace={trace} onSelect={setSelected} />
          )}
        </div>
      }
    >
      <div className={classes.graph}>
        <ToolchainGraph toolchain={toolchain} trace={trace} selected={selected} onSelect={setSelected} />
      </div>
      <TimelineTable
        timeline={timelineOf(trace, now)}
        toolchain={toolchain}
        selected={selected}
        onSelect={setSelected}
      />
    </Workspace>
  );
}

function Took({ trace: { startedAt, finishedAt, status }, now }: { trace: RunTrace; now: number }) {
  if (startedAt === null || status === "queued") return null;
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
