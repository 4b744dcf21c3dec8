/** What can be done to a toolchain on its canvas: functions from one toolchain to the next. Pure. */
import type { Point } from "@/lib/layout";
import type { Edge, Node, Toolchain } from "@/models";
import { arranged, freePlace, GROUP, sizeOfNode } from "./arrange";
import { keptOf, type Note, withKept } from "./keeping";
import { type Container, everyNode, idsWithin, nodesById, partAt, withNode, withPart } from "./tree";
import { END, type Exit, START, type Way, waysOf } from "./ways";

/** The way of a line on the canvas, with the part that it is in. */
export interface PlacedWay extends Way {
  container: Container;
}

type Part = { nodes: Node[]; edges: Edge[] };

/** A name that no node has: the one wanted, with a number where it is taken. */
export function freshId(wanted: string, taken: ReadonlySet<string>): string {
  const plain =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .replace(/^[^a-z]+/, "")
      .slice(0, 54) || "node";
  if (!taken.has(plain) && plain !== START && plain !== END) return plain;
  for (let number = 2; ; number++) if (!taken.has(`${plain}_${number}`)) return `${plain}_${number}`;
}

export function takenIds(toolchain: Toolchain): Set<string> {
  return new Set([...everyNode(toolchain)].map(([{ id }]) => id));
}

/**
 * The toolchain with boxes put somewhere. Where everything else stands is written down, too: else the layout, which stands in
 * for what nobody put anywhere, would move it.
 */
export function withPlaces(toolchain: Toolchain, moved: ReadonlyMap<string, Point>): Toolchain {
  const kept = keptOf(toolchain);
  const places = new Map(arranged(toolchain).places);
  const all = nodesById(toolchain);
  for (const [id, at] of moved)
    if (places.has(id)) places.set(id, (all.get(id)?.container ?? null) === null ? at : withinFrame(at));
  const notes = kept.notes.map((note) => {
    const at = moved.get(`note:${note.id}`);
    return at ? { ...note, ...at } : note;
  });
  return withKept(toolchain, { places, notes });
}

/** Within a frame nothing stands on its head, or left of its margin. */
function withinFrame({ x, y }: Point): Point {
  return { x: Math.max(x, GROUP.margin / 2), y: Math.max(y, GROUP.head + 12) };
}

interface Adding {
  container: Container;
  /** Within the container. Null: behind what it follows, else in the middle of nothing. */
  at: Point | null;
  /** The way out that is to lead to it. */
  after?: { from: string; exit: Exit } | null;
}

/** The toolchain with one more node. Its ways go on to nowhere, unless what it follows led somewhere. */
export function addNode(toolchain: Toolchain, node: Node, { container, at, after = null }: Adding): Toolchain {
  const before = arranged(toolchain);
  let next = withPart(toolchain, container, ({ nodes, edges }) => ({ nodes: [...nodes, node], edges: [...edges] }));
  if (after) next = withPart(next, container, (part) => connected(part, after.from, after.exit, node.id));
  const beside = after === null ? undefined : before.places.get(after.from);
  const width = (after && before.sizes.get(after.from)?.width) ?? sizeOfNode(null).width;
  const wanted = at ?? (beside ? { x: beside.x + width + 64, y: beside.y } : { x: 160, y: 120 });
  const ids = (partAt(toolchain, container)?.nodes ?? []).map(({ id }) => id);
  const boxes = [...ids, ...(container === null ? [START] : [])].flatMap((id) => {
    const place = before.places.get(id);
    const size = before.sizes.get(id);
    return place && size ? [{ ...place, ...size }] : [];
  });
  const size = sizeOfNode(node);
  const place = freePlace(wanted, size, boxes);
  const moved = new Map([[node.id, place]]);
  const end = before.places.get(END);
  // The end makes room: what is added stands before it.
  if (container === null && end && overlaps(end, place, size))
    moved.set(END, { x: place.x + size.width + 64, y: end.y });
  return withPlaces(placedAs(next, before.places), moved);
}

/** Whether the end would stand on a box, or so near that no way is seen between them. */
function overlaps(end: Point, place: Point, { width, height }: { width: number; height: number }): boolean {
  const beside = end.x > place.x - 120 && end.x < place.x + width + 40;
  return beside && end.y > place.y - 60 && end.y < place.y + height + 20;
}

/** What stood somewhere stays there, whatever the layout would now say. */
function placedAs(toolchain: Toolchain, places: ReadonlyMap<string, Point>): Toolchain {
  return withKept(toolchain, { places, notes: keptOf(toolchain).notes });
}

/** The toolchain with a node on a way: what came before leads to it, and it leads on. */
export function insertNode(toolchain: Toolchain, node: Node, way: PlacedWay): Toolchain {
  const before = arranged(toolchain);
  const next = withPart(toolchain, way.container, (part) => {
    const added = connected({ ...without(part, way), nodes: [...part.nodes, node] }, way.from, way.exit, node.id);
    if (node.kind !== "branch") return connected(added, node.id, { sort: "edge" }, way.to);
    return connected(added, node.id, { sort: "else" }, way.to);
  });
  const [from, to] = [before.places.get(way.from), before.places.get(way.to)];
  const room = sizeOfNode(node).width + 64;
  const start = from ? { x: from.x + (before.sizes.get(way.from)?.width ?? 72) + 64, y: from.y } : { x: 36, y: 96 };
  const moved = new Map<string, Point>([[node.id, start]]);
  // What lies behind makes room.
  if (to && to.x < start.x + room) {
    const shift = start.x + room - to.x;
    const part = partAt(toolchain, way.container)?.nodes ?? [];
    const ids = [...part.map(({ id }) => id), ...(way.container === null ? [END] : [])];
    for (const id of ids) {
      const at = before.places.get(id);
      if (at && at.x >= to.x - 1) moved.set(id, { x: at.x + shift, y: at.y });
    }
  }
  return withPlaces(placedAs(next, before.places), moved);
}

/** The toolchain with a way from a node to another. */
export function connect(toolchain: Toolchain, { from, to, exit, container }: PlacedWay): Toolchain {
  return withPart(toolchain, container, (part) => connected(part, from, exit, to));
}

function connected(part: Part, from: string, exit: Exit, to: string): Part {
  if (exit.sort === "edge") {
    if (part.edges.some((edge) => edge.from === from && edge.to === to)) return part;
    return { ...part, edges: [...part.edges, { from, to }] };
  }
  return { ...part, nodes: part.nodes.map((node) => (node.id === from ? withExit(node, exit, to) : node)) };
}

/** A node with one of its own ways out leading elsewhere; to nothing with an empty text. */
export function withExit(node: Node, exit: Exit, to: string): Node {
  if (exit.sort === "error") return node.kind === "branch" ? node : ({ ...node, on_error: to || null } as Node);
  if (node.kind !== "branch") return node;
  if (exit.sort === "else") return { ...node, else: to };
  if (exit.sort !== "case") return node;
  return { ...node, cases: node.cases.map((way, index) => (index === exit.index ? { ...way, to } : way)) };
}

function without(part: Part, { from, to, exit }: Way): Part {
  if (exit.sort !== "edge")
    return { ...part, nodes: part.nodes.map((node) => (node.id === from ? withExit(node, exit, "") : node)) };
  return { ...part, edges: part.edges.filter((edge) => edge.from !== from || edge.to !== to) };
}

/** The toolchain without some ways. */
export function disconnect(toolchain: Toolchain, ways: readonly PlacedWay[]): Toolchain {
  return ways.reduce((next, way) => withPart(next, way.container, (part) => without(part, way)), toolchain);
}

/**
 * The toolchain without some nodes, those within them, and notes. Where one way leads on from a node that is taken out,
 * what led to the node leads on.
 */
export function removeBoxes(toolchain: Toolchain, ids: ReadonlySet<string>): Toolchain {
  const all = nodesById(toolchain);
  const places = new Map(arranged(toolchain).places);
  const notes = keptOf(toolchain).notes.filter(({ id }) => !ids.has(`note:${id}`));
  let next = toolchain;
  for (const id of ids) {
    const found = all.get(id);
    if (!found) continue;
    for (const within of idsWithin(found.node)) places.delete(within);
    next = withPart(next, found.container, (part) => partWithout(part, id));
  }
  return withKept(next, { places, notes });
}

/** A part without one of its nodes; what led to it leads on where one way led on from it. */
export function partWithout(part: Part, id: string): Part {
  const ways = waysOf(part);
  const onward = new Set(ways.filter((way) => way.from === id && way.exit.sort !== "error").map(({ to }) => to));
  const [only] = onward;
  const successor = onward.size === 1 && only !== undefined && only !== id ? only : null;
  let next: Part = {
    nodes: part.nodes.filter((node) => node.id !== id),
    edges: part.edges.filter(({ from, to }) => from !== id && to !== id),
  };
  for (const way of ways) {
    if (way.to !== id || way.from === id) continue;
    const bridged = successor !== null && (way.from !== START || successor !== END);
    if (way.exit.sort !== "edge") next = connected(next, way.from, way.exit, bridged ? successor : "");
    else if (bridged) next = connected(next, way.from, way.exit, successor);
  }
  return next;
}

/** The toolchain with one node in the place of another of the same id. */
export function replaceNode(toolchain: Toolchain, node: Node): Toolchain {
  return withNode(toolchain, node.id, () => node);
}

export function addNote(toolchain: Toolchain, at: Point): { toolchain: Toolchain; id: string } {
  const kept = keptOf(toolchain);
  const id = freshId("note", new Set(kept.notes.map((note) => note.id)));
  const note: Note = { id, text: "", tone: "yellow", width: 220, height: 120, ...at };
  return { toolchain: withKept(toolchain, { ...kept, notes: [...kept.notes, note] }), id };
}

export function changeNote(toolchain: Toolchain, id: string, change: Partial<Omit<Note, "id">>): Toolchain {
  const kept = keptOf(toolchain);
  const notes = kept.notes.map((note) => (note.id === id ? { ...note, ...change } : note));
  return withKept(toolchain, { ...kept, notes });
}
