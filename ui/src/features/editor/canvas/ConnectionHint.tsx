import { type ConnectionLineComponentProps, getBezierPath, useStore } from "@xyflow/react";
import { verdictOf } from "@/lib/editor/connecting";
import { useEditor } from "../store";
import classes from "./Canvas.module.css";
import type { BoxNode } from "./flowItems";

const WIDTH = 280;

/** The line that is being drawn, and why it cannot end where it is. */
export function ConnectionHint(props: ConnectionLineComponentProps<BoxNode>) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, fromNode, fromHandle, toNode, toHandle } = props;
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  // At the right side of the canvas there is no room beside the pointer.
  const atRight = useStore(({ transform: [x, , zoom], width }) => toX * zoom + x > width - WIDTH * zoom - 40);
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const forward = fromHandle.type === "source";
  const [source, target] = forward ? [fromNode, toNode] : [toNode, fromNode];
  const [out, into] = forward ? [fromHandle, toHandle] : [toHandle, fromHandle];
  const verdict =
    source && target && out && into
      ? verdictOf(
          toolchain,
          { source: source.id, target: target.id, sourceHandle: out.id ?? null, targetHandle: into.id ?? null },
          help,
        )
      : null;
  const reason = verdict?.kind === "refused" ? verdict.reason : null;
  return (
    <g>
      <path d={path} className={classes.drawing} data-refused={reason !== null || undefined} />
      {reason === null ? null : (
        <foreignObject x={atRight ? toX - WIDTH - 14 : toX + 14} y={toY + 14} width={WIDTH} height={120}>
          <div className={classes.reason} role="alert">
            {reason}
          </div>
        </foreignObject>
      )}
    </g>
  );
}
