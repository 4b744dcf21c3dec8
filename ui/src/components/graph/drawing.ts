import { type Edge, type Node, Position } from "@xyflow/react";
import { END, type Flow, type FlowEdge, type FlowNode, START } from "@/lib/flow";
import { type Direction, type Layout, layOut, type Point } from "@/lib/layout";
import type { NodeTrace, RunTrace } from "@/lib/trace";

const STEP = { width: 240, height: 60 };
const PILL = { width: 72, height: 32 };

export interface StepData extends Record<string, unknown> {
  node: FlowNode;
  direction: Direction;
  /** What it has done in the run that is shown; null when none is shown or it has not begun. */
  trace: NodeTrace | null;
  /** `plain`: no run is shown. */
  phase: "plain" | "pending" | NodeTrace["status"];
}
export type Step = Node<StepData, "step" | "pill">;

export interface WayData extends Record<string, unknown> {
  route: Point[];
  direction: Direction;
  label: string | null;
  phase: "plain" | "pending" | "flowing" | "taken";
}
export type Way = Edge<WayData, "way">;

const isPill = ({ kind }: FlowNode) => kind === "start" || kind === "end";

export function place(flow: Flow, direction: Direction): Layout {
  const nodes = flow.nodes.map((node) => ({ id: node.id, ...(isPill(node) ? PILL : STEP) }));
  return layOut(
    nodes,
    flow.edges.map((edge) => ({ ...edge, labelled: edge.label !== null })),
    direction,
  );
}

/** What React Flow draws: sizes and handles are given, so that nothing has to be measured first. */
export function stepsOf(flow: Flow, layout: Layout, trace: RunTrace | null, selected: string | null): Step[] {
  const right = layout.direction === "right";
  return flow.nodes.map((node) => {
    const size = isPill(node) ? PILL : STEP;
    const data = {
      node,
      direction: layout.direction,
      trace: trace?.nodes.get(node.id) ?? null,
      phase: phaseOf(node, trace),
    };
    return {
      id: node.id,
      type: isPill(node) ? "pill" : "step",
      position: layout.places.get(node.id) ?? { x: 0, y: 0 },
      data,
      ...size,
      measured: size,
      handles: [
        { type: "target", position: right ? Position.Left : Position.Top, ...handleAt(size, right, 0) },
        { type: "source", position: right ? Position.Right : Position.Bottom, ...handleAt(size, right, 1) },
      ],
      selected: node.id === selected,
      ...(isPill(node) ? { selectable: false, focusable: false } : {}),
      ariaLabel: nameOf(data),
    };
  });
}

function handleAt(size: { width: number; height: number }, right: boolean, end: 0 | 1) {
  const x = right ? size.width * end : size.width / 2;
  const y = right ? size.height / 2 : size.height * end;
  return { x, y, width: 1, height: 1 };
}

function phaseOf({ id, kind }: FlowNode, trace: RunTrace | null): StepData["phase"] {
  if (!trace) return "plain";
  if (kind === "start") return trace.status === "queued" ? "pending" : "completed";
  if (kind === "end") return trace.status === "completed" ? "completed" : "pending";
  return trace.nodes.get(id)?.status ?? "pending";
}

const PHASES: Record<StepData["phase"], string> = {
  plain: "",
  pending: ", not reached",
  running: ", running",
  completed: ", completed",
  failed: ", failed",
  stopped: ", stopped",
};

function nameOf({ node, phase }: StepData): string {
  return node.detail ? `${node.title}, ${node.detail}${PHASES[phase]}` : node.title;
}

export function waysOf(flow: Flow, layout: Layout, trace: RunTrace | null): Way[] {
  return flow.edges.map((edge) => ({
    id: edge.id,
    type: "way",
    source: edge.from,
    target: edge.to,
    focusable: false,
    selectable: false,
    data: {
      route: layout.routes.get(edge.id) ?? [],
      direction: layout.direction,
      label: edge.label,
      phase: wayPhase(edge, trace),
    },
  }));
}

function wayPhase({ from, to }: FlowEdge, trace: RunTrace | null): WayData["phase"] {
  if (!trace) return "plain";
  const source = trace.nodes.get(from);
  const left = from === START ? trace.status !== "queued" : source?.status === "completed";
  const chosen = (source?.output as { to?: unknown } | null | undefined)?.to;
  // A branch says which way it took; another way to the same node may have been open, too.
  if (!left || (source?.kind === "branch" && typeof chosen === "string" && chosen !== to)) return "pending";
  if (to === END) return trace.status === "completed" ? "taken" : "pending";
  const target = trace.nodes.get(to);
  if (!target) return "pending";
  return target.status === "running" ? "flowing" : "taken";
}
