import type { ReactFlowInstance } from "@xyflow/react";
import { isHolder, nodesById, type Container } from "@/lib/editor/tree";
import type { PlacedWay } from "@/lib/editor/commands";
import type { Point } from "@/lib/layout";
import { wayOf } from "../actions";
import type { EditorStore } from "../store";
import type { AnyEdge, BoxNode } from "./flowItems";

export interface DropTarget {
  container: Container;
  at: Point | null;
  way: PlacedWay | null;
}

/** What lies under a point of the screen: a way, a frame, or the canvas. */
export function placeAt(
  store: EditorStore,
  flow: ReactFlowInstance<BoxNode, AnyEdge>,
  point: Point,
  element: Element,
): DropTarget {
  const line = element.closest(".react-flow__edge")?.getAttribute("data-id");
  const way = line ? wayOf(store, line) : null;
  if (way) return { container: way.container, at: null, way };
  const at = flow.screenToFlowPosition(point);
  const all = nodesById(store.getState().toolchain);
  const id = element.closest(".react-flow__node")?.getAttribute("data-id") ?? null;
  const found = id === null ? undefined : all.get(id);
  const container = found ? (isHolder(found.node) ? found.node.id : found.container) : null;
  const origin = container === null ? null : flow.getInternalNode(container)?.internals.positionAbsolute;
  const corner = origin ? { x: at.x - origin.x, y: at.y - origin.y } : at;
  // The node comes to stand with its head under the pointer.
  return { container, at: { x: corner.x - 40, y: corner.y - 32 }, way: null };
}
