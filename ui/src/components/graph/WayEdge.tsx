import { EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { edgePath } from "@/lib/edgePath";
import type { Way } from "./drawing";
import classes from "./Graph.module.css";

/** An edge along the route that the layout found, with a branch's condition in words. */
export const WayEdge = memo(function WayEdge({ data }: EdgeProps<Way>) {
  if (!data) return null;
  const { path, label } = edgePath(data.route, data.direction);
  return (
    <>
      <path
        d={path}
        className={classes.way}
        data-phase={data.phase}
        data-error={data.onError || undefined}
        markerEnd={`url(#way-${data.phase})`}
      />
      {data.label === null ? null : (
        <EdgeLabelRenderer>
          <span
            className={classes.label}
            data-phase={data.phase}
            title={data.label}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
          >
            {data.label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The arrow heads, in the colour of each phase. */
export function Arrows() {
  return (
    <svg className={classes.arrows} aria-hidden>
      <defs>
        {["plain", "pending", "flowing", "taken"].map((phase) => (
          <marker
            key={phase}
            id={`way-${phase}`}
            data-phase={phase}
            className={classes.arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
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
