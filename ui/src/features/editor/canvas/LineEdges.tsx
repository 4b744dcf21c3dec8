import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { useEditor } from "../store";
import classes from "./Canvas.module.css";
import type { LineEdge, ValueEdge } from "./flowItems";

type Phase = "plain" | "taken" | "flowing";

/** A way from one node to the next, lit up by the run that is shown. */
export const WayLine = memo(function WayLine(props: EdgeProps<LineEdge>) {
  const { id, source, target, data, selected } = props;
  const phase = useEditor((state): Phase => {
    if (state.nodeRuns.size === 0) return "plain";
    const left = source === "start" || state.nodeRuns.get(source)?.status === "completed";
    if (!left) return "plain";
    const reached = state.nodeRuns.get(target)?.status;
    return reached === "running" ? "flowing" : reached === undefined && target !== "end" ? "plain" : "taken";
  });
  const faulty = useEditor((state) => state.faultIndex.has(id));
  const [path, x, y] = getBezierPath(props);
  const label = data?.line.label ?? null;
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={22}
        className={classes.line ?? ""}
        data-phase={phase}
        data-sort={data?.line.exit.sort}
        data-selected={selected || undefined}
        data-faulty={faulty || undefined}
        markerEnd={`url(#editor-${phase})`}
      />
      {label === null ? null : (
        <EdgeLabelRenderer>
          <span className={classes.lineLabel} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** A value from the node that gives it to the field that takes it. */
export const ValueLine = memo(function ValueLine(props: EdgeProps<ValueEdge>) {
  const [path] = getBezierPath(props);
  return <BaseEdge path={path} interactionWidth={0} className={classes.value ?? ""} data-look={props.data?.look} />;
});

/** The arrow heads, in the colour of each phase. */
export function Arrows() {
  return (
    <svg className={classes.arrows} aria-hidden>
      <defs>
        {(["plain", "pending", "taken", "flowing"] satisfies (Phase | "pending")[]).map((phase) => (
          <marker
            key={phase}
            id={`editor-${phase}`}
            data-phase={phase}
            className={classes.arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M1 1 7 4 1 7Z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
