/** Where the boxes of a toolchain stand, and how large they are: as they were put, else as the layout says. Pure. */
import { layOut, type Point } from "@/lib/layout";
import { isObject } from "@/lib/json";
import type { Node, Toolchain } from "@/models";
import { type Kept, keptOf } from "./keeping";
import { type Container, edgesOfBody, isHolder } from "./tree";
import { END, START, waysOf } from "./ways";

export interface Size {
  width: number;
  height: number;
}

const STEP: Size = { width: 240, height: 64 };
const PILL: Size = { width: 88, height: 40 };
/** The height of a row of a branch. */
export const ROW = 26;
/** Room around a body within its node: a head for the node's own words, a margin elsewhere. */
export const GROUP = { head: 60, margin: 36, side: 72 };
const EMPTY_GROUP: Size = { width: 320, height: 168 };
const GAP = 64;
// Places are multiples of this.
const GRID = 10;

/** The size of a start or an end with room for the marks of its values. */
export function sizeOfPill(marks: number): Size {
  return { width: Math.max(PILL.width, 18 * (Math.min(marks, 14) - 1) + 28), height: PILL.height };
}

/** The size of a node that holds no others; null: of a start or an end. */
export function sizeOfNode(node: Node | null): Size {
  if (node === null) return PILL;
  if (node.kind === "branch") return { width: STEP.width, height: STEP.height + ROW * (node.cases.length + 1) };
  return STEP;
}

export interface Arrangement {
  /** By id, within what holds the node. */
  places: ReadonlyMap<string, Point>;
  sizes: ReadonlyMap<string, Size>;
}

type Part = Pick<Toolchain, "nodes" | "edges">;

export function arranged(toolchain: Toolchain): Arrangement {
  return arrange(toolchain, keptOf(toolchain).places);
}

/** As if nothing had ever been put anywhere. */
export function laidOut(toolchain: Toolchain): Arrangement {
  return arrange(toolchain, new Map());
}

function arrange(toolchain: Toolchain, kept: Kept["places"]): Arrangement {
  const places = new Map<string, Point>();
  const sizes = new Map<string, Size>();
  const count = (values: unknown) => (isObject(values) ? Object.keys(values).length : 0);
  sizes.set(START, sizeOfPill(count(toolchain.input?.["properties"])));
  sizes.set(END, sizeOfPill(count(toolchain.output) + 1));
  arrangePart(toolchain, null, kept, places, sizes);
  return { places, sizes };
}

function arrangePart(
  part: Part,
  container: Container,
  kept: Kept["places"],
  places: Map<string, Point>,
  sizes: Map<string, Size>,
): void {
  for (const node of part.nodes) {
    if (isHolder(node)) {
      arrangePart({ nodes: node.body.nodes, edges: edgesOfBody(node.body) }, node.id, kept, places, sizes);
      sizes.set(node.id, sizeAround(node.body.nodes, places, sizes));
    } else sizes.set(node.id, sizeOfNode(node));
  }
  const ids = part.nodes.map(({ id }) => id);
  const all = container === null ? [START, ...ids, END] : ids;
  const sizeAt = (id: string) => sizes.get(id) ?? PILL;
  const placed = all.filter((id) => kept.has(id));
  for (const id of placed) places.set(id, kept.get(id) ?? { x: 0, y: 0 });
  if (placed.length === all.length) return;
  if (part.nodes.length === 0 && container === null) {
    // Room between the two for what is to come.
    places.set(START, { x: 0, y: 0 }).set(END, { x: 560, y: 0 });
    return;
  }
  if (placed.length === 0) {
    const origin = container === null ? { x: 0, y: 0 } : { x: GROUP.side, y: GROUP.head + GROUP.margin };
    for (const [id, { x, y }] of layoutOf(part, all, sizeAt))
      places.set(id, { x: snapped(origin.x + x), y: snapped(origin.y + y) });
    return;
  }
  for (const id of all) {
    if (places.has(id)) continue;
    const before = waysOf(part).find(({ from, to }) => to === id && places.has(from))?.from;
    const start = before === undefined ? undefined : places.get(before);
    const wanted = start
      ? { x: start.x + sizeAt(before ?? "").width + GAP, y: start.y }
      : { x: GROUP.side, y: GROUP.head + GROUP.margin };
    places.set(id, freePlace(wanted, sizeAt(id), boxesAt(all, places, sizeAt)));
  }
}

function layoutOf(part: Part, ids: readonly string[], sizeAt: (id: string) => Size): Map<string, Point> {
  const edges = waysOf(part)
    .filter(({ from, to }) => ids.includes(from) && ids.includes(to))
    .map(({ from, to }, index) => ({ id: String(index), from, to, labelled: false }));
  return layOut(
    [...new Set(ids)].map((id) => ({ id, ...sizeAt(id) })),
    edges,
    "right",
  ).places;
}

function sizeAround(nodes: readonly Node[], places: Map<string, Point>, sizes: Map<string, Size>): Size {
  let { width, height } = EMPTY_GROUP;
  for (const { id } of nodes) {
    const at = places.get(id);
    const size = sizes.get(id);
    if (!at || !size) continue;
    width = Math.max(width, at.x + size.width + GROUP.side);
    height = Math.max(height, at.y + size.height + GROUP.margin);
  }
  return { width, height };
}

const snapped = (value: number) => Math.round(value / GRID) * GRID;

type Placed = Point & Size;

function boxesAt(ids: readonly string[], places: ReadonlyMap<string, Point>, sizeAt: (id: string) => Size): Placed[] {
  return ids.flatMap((id) => {
    const at = places.get(id);
    return at ? [{ ...at, ...sizeAt(id) }] : [];
  });
}

/** The place nearest below the one wanted where nothing stands yet. */
export function freePlace(wanted: Point, size: Size, taken: readonly Placed[]): Point {
  let { y } = wanted;
  const beside = taken.filter((box) => box.x < wanted.x + size.width + 16 && box.x + box.width + 16 > wanted.x);
  beside.sort((a, b) => a.y - b.y);
  for (const box of beside)
    if (box.y < y + size.height + 16 && box.y + box.height + 16 > y) y = box.y + box.height + 16;
  return { x: snapped(wanted.x), y: snapped(y + 0.49 * (y === wanted.y ? 0 : GRID)) };
}
