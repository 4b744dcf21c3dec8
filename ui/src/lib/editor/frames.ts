/** Nodes that change what holds them: into the frame of a map or a loop, out of one, or from one into another. Pure. */
import type { Point } from "@/lib/layout";
import type { Edge, Node, Toolchain } from "@/models";
import { arranged } from "./arrange";
import type { Box, Canvas } from "./canvas";
import { partWithout, withExit, withPlaces } from "./commands";
import { keptOf, withKept } from "./keeping";
import { type Container, idsWithin, nodesById, partAt, withPart } from "./tree";
import { END, START, waysOf } from "./ways";

export type Moved =
  /** With how many ways were cut that would have crossed a frame. */
  { kind: "moved"; toolchain: Toolchain; cut: number } | { kind: "refused"; reason: string };

/**
 * The toolchain with nodes in another container. Ways among them go along; those that would cross the frame are cut, and
 * what led to the nodes leads on where one way led on from them.
 * @param places where they stand there; those left out go where there is room
 */
export function withMoved(
  toolchain: Toolchain,
  ids: ReadonlySet<string>,
  container: Container,
  places: ReadonlyMap<string, Point>,
): Moved {
  const all = nodesById(toolchain);
  const found = [...ids].flatMap((id) => all.get(id) ?? []);
  const [source = null, ...others] = new Set(found.map((one) => one.container));
  const part = partAt(toolchain, source);
  if (found.length === 0 || !part) return { kind: "refused", reason: "Nothing is selected that could go there." };
  if (others.length > 0) return { kind: "refused", reason: "These stand in different frames: move them one by one." };
  if (source === container) return { kind: "refused", reason: "They are there already." };
  if (container !== null && found.some(({ node }) => idsWithin(node).includes(container)))
    return { kind: "refused", reason: "A frame cannot go into itself." };
  const nodes = part.nodes.filter(({ id }) => ids.has(id)).map((node) => withoutExits(node, ids));
  const along = part.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const cut = waysOf(part).filter(({ from, to }) => ids.has(from) !== ids.has(to)).length;
  const kept = new Map(arranged(toolchain).places);
  for (const id of ids) kept.delete(id);
  let next = withPart(toolchain, source, (from) => [...ids].reduce(partWithout, from));
  next = withPart(next, container, (to) => joined(to, nodes, along));
  next = withKept(next, { places: kept, notes: keptOf(toolchain).notes });
  return { kind: "moved", toolchain: withPlaces(next, places), cut };
}

/** A node without the ways of its own that lead to others than these. */
function withoutExits(node: Node, ids: ReadonlySet<string>): Node {
  const out = waysOf({ nodes: [node], edges: [] }).filter(({ to }) => !ids.has(to));
  return out.reduce((left, { exit }) => withExit(left, exit, ""), node);
}

/** What had nothing in it begins and ends with what comes into it. */
function joined(
  part: { nodes: Node[]; edges: Edge[] },
  nodes: Node[],
  along: Edge[],
): { nodes: Node[]; edges: Edge[] } {
  if (part.nodes.length > 0) return { nodes: [...part.nodes, ...nodes], edges: [...part.edges, ...along] };
  const ways = waysOf({ nodes, edges: along });
  const [led, leading] = [new Set(ways.map(({ to }) => to)), new Set(ways.map(({ from }) => from))];
  const first = nodes.filter(({ id }) => !led.has(id)).map(({ id }): Edge => ({ from: START, to: id }));
  const last = nodes.filter(({ id, kind }) => kind !== "branch" && !leading.has(id));
  return { nodes, edges: [...first, ...along, ...last.map(({ id }): Edge => ({ from: id, to: END }))] };
}

/** Nodes that were let go over another container than theirs. */
export interface Dropped {
  ids: ReadonlySet<string>;
  container: Container;
  /** Within that container, also of what was dragged along there. */
  places: ReadonlyMap<string, Point>;
}

/**
 * Where nodes that were dragged have come to: in the innermost frame in which their middles lie.
 * @param places of what was dragged, each within what holds it
 * @returns null where they stay in what holds them, or do not all come to the same frame
 */
export function droppedInto({ boxes }: Canvas, places: ReadonlyMap<string, Point>): Dropped | null {
  const corners = new Map<string, Point>();
  for (const { id, at, container } of boxes) corners.set(id, plus(at, cornerOf(corners, container)));
  const dragged = boxes.filter(({ id, content }) => places.has(id) && "node" in content);
  const moving = new Set(dragged.flatMap(({ content }) => ("node" in content ? idsWithin(content.node) : [])));
  const frames = boxes.filter(({ id, content }) => content.sort === "group" && !moving.has(id));
  const targets = new Set<Container>();
  const absolute = new Map<string, Point>();
  for (const box of dragged) {
    const corner = plus(places.get(box.id) ?? box.at, cornerOf(corners, box.container));
    absolute.set(box.id, corner);
    const middle = { x: corner.x + box.width / 2, y: corner.y + box.height / 2 };
    targets.add(innermost(frames, corners, middle));
  }
  const [container = null, ...others] = targets;
  const coming = dragged.filter((box) => box.container !== container);
  if (others.length > 0 || coming.length === 0) return null;
  const origin = cornerOf(corners, container);
  return {
    ids: new Set(coming.map(({ id }) => id)),
    container,
    places: new Map([...absolute].map(([id, { x, y }]) => [id, { x: x - origin.x, y: y - origin.y }])),
  };
}

function innermost(frames: readonly Box[], corners: ReadonlyMap<string, Point>, { x, y }: Point): Container {
  const around = frames.filter(({ id, width, height }) => {
    const corner = cornerOf(corners, id);
    return x >= corner.x && x <= corner.x + width && y >= corner.y && y <= corner.y + height;
  });
  return around.toSorted((a, b) => b.depth - a.depth)[0]?.id ?? null;
}

function cornerOf(corners: ReadonlyMap<string, Point>, id: Container): Point {
  return (id === null ? undefined : corners.get(id)) ?? { x: 0, y: 0 };
}

const plus = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y });
