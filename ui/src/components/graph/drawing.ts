import { type Edge, type Node, Position } from "@xyflow/react";
import { END, type Flow, type FlowEdge, type FlowNode, START } from "@/lib/flow";
import { type Direction, type Layout, layOut, type Point } from "@/lib/layout";
import type { GraphTrace, StepTrace } from "@/lib/graphTrace";

const STEP = { width: 240, height: 60 };
const PILL = { width: 72, height: 32 };
/** Room around a body within its node: a head for the node's own words, a margin elsewhere. */
export const GROUP = { head: 60, margin: 20 };

export interface StepData extends Record<string, unknown> {
  node: FlowNode;
  direction: Direction;
  /** What it has done in the run that is shown; null when none is shown or it has not begun. */
  trace: StepTrace | null;
  /** `plain`: no run is shown. */
  phase: "plain" | "pending" | StepTrace["status"];
}
export type Step = Node<StepData, "step" | "pill" | "group">;

export interface WayData extends Record<string, unknown> {
  route: Point[];
  direction: Direction;
  label: string | null;
  onError: boolean;
  phase: "plain" | "pending" | "flowing" | "taken";
}
export type Way = Edge<WayData, "way">;

interface Size {
  width: number;
  height: number;
}

/** Where everything is: the layout of a flow, and within it those of the bodies, by the node that holds them. */
export interface Drawing {
  layout: Layout;
  sizes: Map<string, Size>;
  bodies: Map<string, Drawing>;
}

const isPill = ({ kind }: FlowNode) => kind === "start" || kind === "end";

export function place(flow: Flow, direction: Direction): Drawing {
  const bodies = new Map<string, Drawing>();
  const sizes = new Map<string, Size>();
  for (const node of flow.nodes) {
    const body = node.body && node.body.nodes.length > 0 ? place(node.body, direction) : null;
    if (body) bodies.set(node.id, body);
    sizes.set(node.id, isPill(node) ? PILL : body ? sizeAround(body) : STEP);
  }
  const layout = layOut(
    flow.nodes.map(({ id }) => ({ id, ...(sizes.get(id) ?? STEP) })),
    flow.edges.map((edge) => ({ ...edge, labelled: edge.label !== null })),
    direction,
  );
  return { layout, sizes, bodies };
}

function sizeAround({ layout: { width, height } }: Drawing): Size {
  return {
    width: Math.max(STEP.width, width) + 2 * GROUP.margin,
    height: height + GROUP.head + 2 * GROUP.margin,
  };
}

/** What React Flow draws: sizes and handles are given, so that nothing has to be measured first. */
export function stepsOf(flow: Flow, drawing: Drawing, trace: GraphTrace | null, selected: string | null): Step[] {
  return stepsAt(flow, drawing, trace, selected, { x: 0, y: 0 }, 0);
}

function stepsAt(
  flow: Flow,
  drawing: Drawing,
  trace: GraphTrace | null,
  selected: string | null,
  origin: Point,
  depth: number,
): Step[] {
  const { direction, places } = drawing.layout;
  return flow.nodes.flatMap((node) => {
    const size = drawing.sizes.get(node.id) ?? STEP;
    const at = places.get(node.id) ?? { x: 0, y: 0 };
    const position = { x: origin.x + at.x, y: origin.y + at.y };
    const data = { node, direction, trace: trace?.steps.get(node.id) ?? null, phase: phaseOf(node, trace, depth) };
    const body = drawing.bodies.get(node.id);
    const step = stepAt(data, size, position, body ? "group" : isPill(node) ? "pill" : "step", node.id === selected);
    // What is within a node lies above it.
    const own: Step = { ...step, zIndex: 2 * depth };
    if (!body || !node.body) return [own];
    return [own, ...stepsAt(node.body, body, trace, selected, originWithin(position, size, body), depth + 1)];
  });
}

/** A body that is narrower than the words of its node stands in the middle. */
function originWithin(position: Point, size: Size, body: Drawing): Point {
  return { x: position.x + (size.width - body.layout.width) / 2, y: position.y + GROUP.head + GROUP.margin };
}

function stepAt(data: StepData, size: Size, position: Point, type: "step" | "pill" | "group", selected: boolean): Step {
  const right = data.direction === "right";
  return {
    id: data.node.id,
    type,
    position,
    data,
    ...size,
    measured: size,
    handles: [
      { type: "target", position: right ? Position.Left : Position.Top, ...handleAt(size, right, 0) },
      { type: "source", position: right ? Position.Right : Position.Bottom, ...handleAt(size, right, 1) },
    ],
    selected,
    ...(type === "pill" ? { selectable: false, focusable: false } : {}),
    ariaLabel: nameOf(data),
  };
}

function handleAt(size: Size, right: boolean, end: 0 | 1) {
  const x = right ? size.width * end : size.width / 2;
  const y = right ? size.height / 2 : size.height * end;
  return { x, y, width: 1, height: 1 };
}

function phaseOf({ id, kind }: FlowNode, trace: GraphTrace | null, depth: number): StepData["phase"] {
  if (!trace) return "plain";
  if (kind === "start") return trace.status === "queued" ? "pending" : "completed";
  if (kind === "end") return depth === 0 && trace.status === "completed" ? "completed" : "pending";
  return trace.steps.get(id)?.status ?? "pending";
}

const PHASES: Record<StepData["phase"], string> = {
  plain: "",
  pending: ", not reached",
  running: ", running",
  waiting: ", waiting",
  completed: ", completed",
  skipped: ", skipped",
  failed: ", failed",
  stopped: ", stopped",
};

function nameOf({ node, phase, trace }: StepData): string {
  const rounds = trace?.rounds ? `, ${trace.rounds}` : "";
  return node.detail ? `${node.title}, ${node.detail}${PHASES[phase]}${rounds}` : node.title;
}

export function waysOf(flow: Flow, drawing: Drawing, trace: GraphTrace | null): Way[] {
  return waysAt(flow, drawing, trace, { x: 0, y: 0 }, 0);
}

function waysAt(flow: Flow, drawing: Drawing, trace: GraphTrace | null, origin: Point, depth: number): Way[] {
  const { routes, direction, places } = drawing.layout;
  const own: Way[] = flow.edges.map((edge) => ({
    id: edge.id,
    type: "way",
    source: edge.from,
    target: edge.to,
    focusable: false,
    selectable: false,
    zIndex: 2 * depth,
    data: {
      route: (routes.get(edge.id) ?? []).map(({ x, y }) => ({ x: origin.x + x, y: origin.y + y })),
      direction,
      label: edge.label,
      onError: edge.onError,
      phase: wayPhase(edge, trace),
    },
  }));
  const inner = flow.nodes.flatMap(({ id, body }) => {
    const within = drawing.bodies.get(id);
    const at = places.get(id);
    const size = drawing.sizes.get(id);
    if (!body || !within || !at || !size) return [];
    const position = { x: origin.x + at.x, y: origin.y + at.y };
    return waysAt(body, within, trace, originWithin(position, size, within), depth + 1);
  });
  return [...own, ...inner];
}

const PASSED: ReadonlySet<string> = new Set(["completed", "skipped"]);

function wayPhase({ from, to, onError }: FlowEdge, trace: GraphTrace | null): WayData["phase"] {
  if (!trace) return "plain";
  const source = trace.steps.get(from);
  const left =
    from === START
      ? trace.status !== "queued"
      : source !== undefined && (onError ? source.status === "failed" : PASSED.has(source.status));
  const chosen = source?.goesTo ?? null;
  // A branch says which way it took; another way to the same node may have been open, too.
  if (!left || (chosen !== null && chosen !== to)) return "pending";
  if (to === END) return trace.status === "completed" ? "taken" : "pending";
  const target = trace.steps.get(to);
  if (!target) return "pending";
  return target.status === "running" ? "flowing" : "taken";
}
