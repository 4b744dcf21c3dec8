import { ActionIcon } from "@mantine/core";
import { useInternalNode, ViewportPortal } from "@xyflow/react";
import { memo } from "react";
import { IconPlus } from "@/components/icons";
import type { Line } from "@/lib/editor/canvas";
import { wayOf } from "../actions";
import { useEditor, useEditorStore } from "../store";
import classes from "./Canvas.module.css";
import type { BoxNode } from "./flowItems";

/** The "+" on the way under the pointer, or the one that is selected: what is chosen comes to stand on it. */
export const PlusOnLine = memo(function PlusOnLine({ hovered }: { hovered: string | null }) {
  const line = useEditor((state) => {
    const [selected] = state.selection;
    const id = hovered ?? (state.selection.size === 1 ? selected : undefined);
    return state.canvas.lines.find((one) => one.id === id) ?? null;
  });
  return line ? <Plus key={line.id} line={line} /> : null;
});

function Plus({ line }: { line: Line }) {
  const store = useEditorStore();
  const from = useInternalNode<BoxNode>(line.from);
  const to = useInternalNode<BoxNode>(line.to);
  const [start, end] = [pointOf(from, line.fromHandle, "source"), pointOf(to, line.toHandle, "target")];
  if (!start || !end) return null;
  const [x, y] = [(start.x + end.x) / 2, (start.y + end.y) / 2];
  return (
    <ViewportPortal>
      <ActionIcon
        className={`${classes.plus ?? ""} nopan nodrag`}
        variant="filled"
        radius="xl"
        size={22}
        aria-label="Put a node on this way"
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        onClick={({ clientX, clientY }) => {
          const way = wayOf(store, line.id);
          const screen = { x: clientX, y: clientY };
          if (way) store.getState().show({ adding: { screen, container: way.container, at: null, after: null, way } });
        }}
      >
        <IconPlus size={14} />
      </ActionIcon>
    </ViewportPortal>
  );
}

function pointOf(node: ReturnType<typeof useInternalNode<BoxNode>>, handle: string, side: "source" | "target") {
  const bounds = node?.internals.handleBounds?.[side]?.find(({ id }) => id === handle);
  if (!node || !bounds) return null;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + bounds.x + bounds.width / 2, y: y + bounds.y + bounds.height / 2 };
}
