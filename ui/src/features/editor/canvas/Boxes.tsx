import { ActionIcon } from "@mantine/core";
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import graph from "@/components/graph/Graph.module.css";
import { IconChevronDown, IconClose } from "@/components/icons";
import { GROUP } from "@/lib/editor/arrange";
import { Handle, Position } from "@xyflow/react";
import { BODY_END, BODY_START } from "@/lib/editor/canvas";
import { useEditor, useShownRun } from "../store";
import { Head, ValueEnds, WayEnds } from "./BoxParts";
import classes from "./Canvas.module.css";
import type { BoxNode } from "./flowItems";
import { OpenedSubchain } from "./OpenedSubchain";

/** One node, with a row for each way of a branch. */
export const StepBox = memo(function StepBox({ data: { box }, selected }: NodeProps<BoxNode>) {
  const run = useShownRun(box.id);
  if (box.content.sort !== "node") return null;
  const { node, rows } = box.content;
  return (
    <div
      className={`${graph.step ?? ""} ${classes.step ?? ""}`}
      data-kind={node.kind}
      data-phase={run?.status ?? "plain"}
      data-selected={selected || undefined}
    >
      <div className={classes.stepHead}>
        <Head node={node} run={run} />
        {node.kind === "subchain" ? <OpenButton id={node.id} open /> : null}
      </div>
      {rows.map((words, index) => (
        <div key={index} className={classes.row} title={words}>
          {words}
        </div>
      ))}
      {rows.length > 0 ? <WayEnds box={box} rows={rows} /> : <WayEnds box={box} />}
      <ValueEnds box={box} />
    </div>
  );
});

/** A node that others work in: its own words at the head, the others in its frame. */
export const GroupBox = memo(function GroupBox({ data: { box }, selected }: NodeProps<BoxNode>) {
  const run = useShownRun(box.id);
  if (box.content.sort !== "group") return null;
  const { node } = box.content;
  return (
    <div
      className={`${graph.group ?? ""} ${classes.frame ?? ""}`}
      data-kind={node.kind}
      data-phase={run?.status ?? "plain"}
      data-selected={selected || undefined}
    >
      <div className={`${graph.head ?? ""} ${classes.frameHead ?? ""}`} style={{ height: GROUP.head }}>
        <Head node={node} run={run} />
      </div>
      <WayEnds box={box} />
      <ValueEnds box={box} />
      <Handle
        type="source"
        id={BODY_START}
        position={Position.Right}
        className={`${classes.way ?? ""} ${classes.bodyStart ?? ""}`}
        title="Where a round begins"
      />
      <Handle
        type="target"
        id={BODY_END}
        position={Position.Left}
        className={`${classes.way ?? ""} ${classes.bodyEnd ?? ""}`}
        title="Where a round ends"
      />
    </div>
  );
});

/** A subchain that shows the toolchain in it. */
export const OpenedBox = memo(function OpenedBox({ data: { box }, selected }: NodeProps<BoxNode>) {
  const run = useShownRun(box.id);
  if (box.content.sort !== "opened" || box.content.node.kind !== "subchain") return null;
  const { node } = box.content;
  return (
    <div
      className={`${graph.group ?? ""} ${classes.opened ?? ""}`}
      data-kind={node.kind}
      data-phase={run?.status ?? "plain"}
      data-selected={selected || undefined}
    >
      <div className={graph.head} style={{ height: GROUP.head }}>
        <Head node={node} run={run} />
        <OpenButton id={node.id} open={false} />
      </div>
      <OpenedSubchain toolchain={node.toolchain} version={node.version ?? null} />
      <WayEnds box={box} />
      <ValueEnds box={box} />
    </div>
  );
});

function OpenButton({ id, open }: { id: string; open: boolean }) {
  const setOpen = useEditor((state) => state.open);
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      className="nodrag"
      aria-label={open ? "Show what is in it" : "Close it again"}
      aria-expanded={!open}
      onClick={(event) => {
        event.stopPropagation();
        setOpen(id, open);
      }}
    >
      {open ? <IconChevronDown size={14} /> : <IconClose size={14} />}
    </ActionIcon>
  );
}

/** Where the run begins and ends. */
export const PillBox = memo(function PillBox({ data: { box }, selected }: NodeProps<BoxNode>) {
  if (box.content.sort !== "pill") return null;
  return (
    <div className={`${graph.pill ?? ""} ${classes.pill ?? ""}`} data-selected={selected || undefined}>
      {box.content.end === "start" ? "Start" : "End"}
      <WayEnds box={box} />
      <ValueEnds box={box} />
    </div>
  );
});
