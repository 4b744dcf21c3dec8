import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { formatDuration } from "@/lib/format";
import { GROUP, type Step, type StepData } from "./drawing";
import classes from "./Graph.module.css";
import { kindOf } from "./kinds";
import { PhaseMark } from "./PhaseMark";

/** One node: what it is, what it is called, what it does, and how it fared in the run that is shown. */
export const StepNode = memo(function StepNode({ data, selected }: NodeProps<Step>) {
  return (
    <div
      className={classes.step}
      data-kind={data.node.kind}
      data-phase={data.phase}
      data-selected={selected || undefined}
    >
      <Ends data={data} />
      <Head data={data} />
    </div>
  );
});

/** A node that others work in: its own words at the head, room for the others below. */
export const GroupNode = memo(function GroupNode({ data, selected }: NodeProps<Step>) {
  return (
    <div
      className={classes.group}
      data-kind={data.node.kind}
      data-phase={data.phase}
      data-selected={selected || undefined}
    >
      <Ends data={data} />
      <div className={classes.head} style={{ height: GROUP.head }}>
        <Head data={data} />
      </div>
    </div>
  );
});

function Head({ data: { node, phase, trace } }: { data: StepData }) {
  const { Icon } = kindOf(node.kind);
  return (
    <>
      <span className={classes.icon}>
        <Icon size={17} />
      </span>
      <span className={classes.words}>
        <span className={classes.line}>
          <span className={classes.title} title={node.title}>
            {node.title}
          </span>
          <PhaseMark phase={phase} />
        </span>
        <span className={classes.line}>
          <span className={classes.detail} title={node.detail}>
            {trace?.retrying ? "trying again" : node.detail}
          </span>
          <Took trace={trace} />
        </span>
      </span>
    </>
  );
}

/** Where the run begins and ends. */
export const PillNode = memo(function PillNode({ data }: NodeProps<Step>) {
  return (
    <div className={classes.pill} data-phase={data.phase}>
      <Ends data={data} />
      {data.node.title}
    </div>
  );
});

function Took({ trace }: { trace: StepData["trace"] }) {
  const took = trace?.durationMs ?? null;
  const words = [trace?.rounds ?? null, took === null ? null : formatDuration(took)].filter((word) => word !== null);
  return words.length > 0 ? <span className={`${classes.took ?? ""} tabular`}>{words.join(", ")}</span> : null;
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
