import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { IconAlert, IconCheck } from "@/components/icons";
import { formatDuration } from "@/lib/format";
import type { NodeTrace } from "@/lib/trace";
import type { Step, StepData } from "./drawing";
import classes from "./Graph.module.css";
import { IconHalt } from "./icons";
import { kindOf } from "./kinds";

/** One node: what it is, what it is called, what it does, and how it fared in the run that is shown. */
export const StepNode = memo(function StepNode({ data, selected }: NodeProps<Step>) {
  const { node, phase, trace } = data;
  const { Icon } = kindOf(node.kind);
  return (
    <div className={classes.step} data-kind={node.kind} data-phase={phase} data-selected={selected || undefined}>
      <Ends data={data} />
      <span className={classes.icon}>
        <Icon size={17} />
      </span>
      <span className={classes.words}>
        <span className={classes.line}>
          <span className={classes.title} title={node.title}>
            {node.title}
          </span>
          <Mark phase={phase} />
        </span>
        <span className={classes.line}>
          <span className={classes.detail} title={node.detail}>
            {node.detail}
          </span>
          <Took trace={trace} />
        </span>
      </span>
    </div>
  );
});

/** Where the run begins and ends. */
export const PillNode = memo(function PillNode({ data }: NodeProps<Step>) {
  return (
    <div className={classes.pill} data-phase={data.phase}>
      <Ends data={data} />
      {data.node.title}
    </div>
  );
});

function Mark({ phase }: { phase: StepData["phase"] }) {
  switch (phase) {
    case "plain":
    case "pending":
      return null;
    case "running":
      return <span className={classes.spinner} aria-hidden />;
    case "completed":
      return <IconCheck size={15} strokeWidth={2.2} />;
    case "failed":
      return <IconAlert size={15} strokeWidth={2.2} />;
    case "stopped":
      return <IconHalt size={15} strokeWidth={2.2} />;
  }
}

function Took({ trace }: { trace: NodeTrace | null }) {
  if (trace?.durationMs === null || trace?.durationMs === undefined) return null;
  return <span className={`${classes.took ?? ""} tabular`}>{formatDuration(trace.durationMs)}</span>;
}

function Ends({ data: { node, direction } }: { data: StepData }) {
  const right = direction === "right";
  return (
    <>
      {node.kind === "start" ? null : (
        <Handle type="target" position={right ? Position.Left : Position.Top} className={classes.handle ?? ""} />
      )}
      {node.kind === "end" ? null : (
        <Handle type="source" position={right ? Position.Right : Position.Bottom} className={classes.handle ?? ""} />
      )}
    </>
  );
}
