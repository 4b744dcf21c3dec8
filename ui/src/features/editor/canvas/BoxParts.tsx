import { Handle, Position, useUpdateNodeInternals } from "@xyflow/react";
import { useEffect, useMemo } from "react";
import graph from "@/components/graph/Graph.module.css";
import { kindOf } from "@/components/graph/kinds";
import { PhaseMark } from "@/components/graph/PhaseMark";
import type { Box } from "@/lib/editor/canvas";
import { marksOf } from "@/lib/editor/ports";
import { detailOf, titleOf } from "@/lib/flow";
import { formatDuration } from "@/lib/format";
import type { Node } from "@/models";
import { IconPin } from "../icons";
import { type ShownRun, useEditor } from "../store";
import classes from "./Canvas.module.css";
import { useNear } from "./near";

/** What a node is, what it is called, what it does, and how it fares in the run that is shown. */
export function Head({ node, run }: { node: Node; run: ShownRun | undefined }) {
  const { Icon, label } = kindOf(node.kind);
  const title = titleOf(node);
  const detail = detailOf(node) || label;
  return (
    <>
      <span className={graph.icon}>
        <Icon size={17} />
      </span>
      <span className={graph.words}>
        <span className={graph.line}>
          <span className={graph.title} title={title}>
            {title}
          </span>
          {run?.pinned ? <IconPin size={13} /> : null}
          {run ? <PhaseMark phase={run.status} /> : null}
          <Faulty id={node.id} />
        </span>
        <span className={graph.line}>
          <span className={graph.detail} title={detail}>
            {run?.retrying ? "trying again" : run?.status === "running" && run.text ? run.text.slice(-80) : detail}
          </span>
          {run ? <Figures run={run} /> : null}
        </span>
      </span>
    </>
  );
}

function Figures({ run: { rounds, durationMs, tokens } }: { run: ShownRun }) {
  const words = [
    rounds,
    durationMs === null ? null : formatDuration(durationMs),
    tokens === null ? null : `${tokens} tok`,
  ].filter((word) => word !== null);
  return words.length > 0 ? <span className={`${graph.took ?? ""} tabular`}>{words.join(" · ")}</span> : null;
}

function Faulty({ id }: { id: string }) {
  const faults = useEditor((state) => state.faultIndex.get(id));
  if (!faults) return null;
  const words = faults.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("\n");
  return (
    <span className={classes.faulty} title={words} role="img" aria-label={`${faults.length} faults`}>
      {faults.length}
    </span>
  );
}

/** Where ways come in and go out. */
export function WayEnds({ box, rows }: { box: Box; rows?: readonly string[] }) {
  const { content } = box;
  const node = "node" in content ? content.node : null;
  const failing = node !== null && ("timeout_seconds" in node || canFail(node));
  return (
    <>
      {content.sort === "pill" && content.end === "start" ? null : (
        <Handle type="target" id="in" position={Position.Left} className={classes.way ?? ""} />
      )}
      {rows ? (
        rows.map((_, index) => (
          <Handle
            key={index}
            type="source"
            id={index === rows.length - 1 ? "else" : `case:${index}`}
            position={Position.Right}
            className={classes.way ?? ""}
            style={{ top: 64 + 26 * index + 13 }}
          />
        ))
      ) : content.sort === "pill" && content.end === "end" ? null : (
        <Handle type="source" id="out" position={Position.Right} className={classes.way ?? ""} />
      )}
      {failing ? (
        <Handle
          type="source"
          id="error"
          position={Position.Bottom}
          className={classes.error ?? ""}
          title="Where to go on when it fails"
          data-set={"on_error" in node && node.on_error ? true : undefined}
        />
      ) : null}
    </>
  );
}

const NEVER_FAIL: ReadonlySet<string> = new Set(["branch", "join", "emit", "update"]);
const canFail = ({ kind }: Node) => !NEVER_FAIL.has(kind);

/** The marks of what a box takes and gives: their colours and shapes tell the type. */
export function ValueEnds({ box }: { box: Box }) {
  return useNear() ? <Marks box={box} /> : null;
}

function Marks({ box }: { box: Box }) {
  const help = useEditor((state) => state.help);
  // Only the start and the end show what is the toolchain's own.
  const toolchain = useEditor((state) => (box.content.sort === "pill" ? state.toolchain : null));
  const marks = useMemo(() => marksOf(box, toolchain ?? NOBODY, help), [box, toolchain, help]);
  const update = useUpdateNodeInternals();
  const names = marks.map(({ handle }) => handle).join();
  useEffect(() => {
    update(box.id);
  }, [update, box.id, names]);
  return marks.map(({ handle, gives, name, look, words, description, required, filled, x }) => (
    <Handle
      key={handle}
      type={gives ? "source" : "target"}
      id={handle}
      position={gives ? Position.Bottom : Position.Top}
      className={classes.mark ?? ""}
      style={{ left: x }}
      data-look={look}
      data-filled={filled || undefined}
      data-required={(required && !filled) || undefined}
      title={`${name}: ${words}${required ? ", needed" : ""}${description ? `\n${description}` : ""}`}
    >
      <span className={classes.markName}>{name}</span>
    </Handle>
  ));
}

const NOBODY = { id: "", title: "", nodes: [], edges: [] };
