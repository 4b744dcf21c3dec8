import { type Connection, type FinalConnectionState, type OnConnectStartParams, useReactFlow } from "@xyflow/react";
import { useCallback, useRef } from "react";
import { toast } from "@/components/toast";
import { BODY_START } from "@/lib/editor/canvas";
import { GIVES, TAKES, verdictOf } from "@/lib/editor/connecting";
import { nodesById } from "@/lib/editor/tree";
import { exitOf, START } from "@/lib/editor/ways";
import { draw } from "../actions";
import { useEditorStore } from "../store";
import type { AnyEdge, BoxNode } from "./flowItems";

/** Lines that are drawn from a handle: to another, to a node, or to nothing, where the palette offers what to lead to. */
export function useConnecting() {
  const store = useEditorStore();
  const flow = useReactFlow<BoxNode, AnyEdge>();
  const start = useRef<OnConnectStartParams | null>(null);

  const onConnectStart = useCallback((_: unknown, params: OnConnectStartParams) => {
    start.current = params;
  }, []);

  const onConnect = useCallback(
    ({ source, target, sourceHandle, targetHandle }: Connection) => {
      const { toolchain, help } = store.getState();
      draw(store, verdictOf(toolchain, { source, target, sourceHandle, targetHandle }, help));
    },
    [store],
  );

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const from = start.current;
      start.current = null;
      if (!from?.nodeId || state.isValid) return;
      const { toolchain, help, show } = store.getState();
      const forward = from.handleType === "source";
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point) return;
      const element = document.elementFromPoint(point.clientX, point.clientY);
      const over = state.toNode?.id ?? element?.closest(".react-flow__node")?.getAttribute("data-id") ?? null;
      if (over !== null && over !== from.nodeId) {
        const other = state.toHandle?.id ?? (forward ? "in" : "out");
        const drawn = forward
          ? { source: from.nodeId, sourceHandle: from.handleId, target: over, targetHandle: other }
          : { source: over, sourceHandle: other, target: from.nodeId, targetHandle: from.handleId };
        draw(store, verdictOf(toolchain, drawn, help));
        return;
      }
      const isValue = [GIVES, TAKES].some((mark) => from.handleId?.startsWith(mark));
      if (over !== null || !forward || !element?.closest(".react-flow__pane")) return;
      if (isValue) {
        toast("failed", "A value goes to one of the small marks at the top of a node.");
        return;
      }
      const inside = from.handleId === BODY_START;
      const container = inside ? from.nodeId : (nodesById(toolchain).get(from.nodeId)?.container ?? null);
      const exit = exitOf(inside ? "out" : from.handleId);
      if (exit === null) return;
      const screen = { x: point.clientX, y: point.clientY };
      const at = container === null ? flow.screenToFlowPosition(screen) : null;
      const after = { from: inside ? START : from.nodeId, exit };
      show({ adding: { screen, container, at: at && { x: at.x, y: at.y - 32 }, after, way: null } });
    },
    [store, flow],
  );

  return { onConnectStart, onConnect, onConnectEnd };
}
