import type { EdgeChange, NodeChange } from "@xyflow/react";
import { applyNodeChanges } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Point } from "@/lib/layout";
import { drop, move } from "../actions";
import { type EditorStore, useEditor, useEditorStore } from "../store";
import { type AnyEdge, type BoxNode, nodesOf } from "./flowItems";

/**
 * What React Flow tells of its nodes and edges, as changes of the editor. While nodes are dragged only the canvas knows where
 * they are; when they are let go the toolchain does.
 */
export function useCanvasChanges() {
  const store = useEditorStore();
  const canvas = useEditor((state) => state.canvas);
  const selection = useEditor((state) => state.selection);
  const settled = useMemo(() => nodesOf(canvas, selection), [canvas, selection]);
  const [dragged, setDragged] = useState<BoxNode[] | null>(null);
  const dragging = useRef(false);

  const onNodesChange = useCallback(
    (changes: NodeChange<BoxNode>[]) => {
      const moves = changes.filter((change) => change.type === "position");
      if (moves.some((change) => change.dragging)) {
        dragging.current = true;
        setDragged((now) =>
          applyNodeChanges(moves, now ?? nodesOf(store.getState().canvas, store.getState().selection)),
        );
      } else if (moves.length > 0) {
        setDragged(null);
        const places = new Map<string, Point>();
        for (const { id, position } of moves) if (position) places.set(id, position);
        // Arrow keys move by small steps, which are undone as one; each drag is undone by itself.
        if (dragging.current) drop(store, places);
        else move(store, places, "nudge");
        dragging.current = false;
      }
      applySelection(store, changes);
    },
    [store],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<AnyEdge>[]) => applySelection(store, changes), [store]);

  return { nodes: dragged ?? settled, onNodesChange, onEdgesChange };
}

function applySelection(store: EditorStore, changes: readonly (NodeChange<BoxNode> | EdgeChange<AnyEdge>)[]): void {
  const selects = changes.filter((change) => change.type === "select");
  if (selects.length === 0) return;
  const next = new Set(store.getState().selection);
  for (const { id, selected } of selects) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  store.getState().select(next);
}
