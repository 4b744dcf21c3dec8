import {
  applyNodeChanges,
  type EdgeChange,
  type NodeChange,
  type NodePositionChange,
  useStoreApi,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { Point } from "@/lib/layout";
import { drop, move } from "../actions";
import { type EditorStore, useEditor, useEditorStore } from "../store";
import { type AnyEdge, type BoxNode, nodesOf } from "./flowItems";

/**
 * What React Flow tells of its nodes and edges, as changes of the editor. While nodes are dragged only React Flow's own store
 * knows where they are, so that a move draws them and their ways and nothing else; when they are let go the toolchain does.
 */
export function useCanvasChanges() {
  const store = useEditorStore();
  const drawn = useStoreApi<BoxNode, AnyEdge>();
  const canvas = useEditor((state) => state.canvas);
  const selection = useEditor((state) => state.selection);
  const nodes = useMemo(() => nodesOf(canvas, selection), [canvas, selection]);
  const dragged = useRef<NodePositionChange[] | null>(null);

  // What is drawn anew in the middle of a drag, as when the node becomes selected, must not take it back.
  useEffect(() => {
    if (dragged.current) drawn.getState().setNodes(applyNodeChanges(dragged.current, nodes));
  }, [drawn, nodes]);

  const onNodesChange = useCallback(
    (changes: NodeChange<BoxNode>[]) => {
      const moves = changes.filter((change) => change.type === "position");
      if (moves.some((change) => change.dragging)) {
        dragged.current = moves;
        drawn.getState().setNodes(applyNodeChanges(moves, drawn.getState().nodes));
      } else if (moves.length > 0) {
        const places = new Map<string, Point>();
        for (const { id, position } of moves) if (position) places.set(id, position);
        // Arrow keys move by small steps, which are undone as one; each drag is undone by itself.
        if (dragged.current) {
          dragged.current = null;
          drop(store, places);
          // What was let go where it had been changes nothing in the toolchain: it would stay as it was last dragged.
          drawn.getState().setNodes(nodesOf(store.getState().canvas, store.getState().selection));
        } else move(store, places, "nudge");
      }
      applySelection(store, changes);
    },
    [store, drawn],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<AnyEdge>[]) => applySelection(store, changes), [store]);

  return { nodes, onNodesChange, onEdgesChange };
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
