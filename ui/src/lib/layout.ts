/**
 * Layered drawing of a directed graph, after Sugiyama, Tagawa and Toda (1981): layers by longest path, long edges
 * split at every layer they pass, order within a layer by barycenters, and places by least squares. Pure.
 */
import { straighten } from "./straighten";

export type Direction = "right" | "down";

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}

export interface LayoutEdge {
  id: string;
  from: string;
  to: string;
  /** Makes room for a label between this edge's layer and the next. */
  labelled: boolean;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  direction: Direction;
  /** The top left corner of each node. */
  places: Map<string, Point>;
  /** Where each edge goes: from the border of one node, past the nodes of the layers between, to the border of the other. */
  routes: Map<string, Point[]>;
  width: number;
  height: number;
}

/** Distances in pixels: between layers (more where an edge carries a label) and between neighbours within one. */
export interface Spacing {
  layer: number;
  labelledLayer: number;
  sibling: number;
}

export const SPACING: Record<Direction, Spacing> = {
  right: { layer: 64, labelledLayer: 208, sibling: 32 },
  down: { layer: 40, labelledLayer: 84, sibling: 32 },
};

const SWEEPS = 8;
// Beyond this, edges go straight through: no eye follows them, and the drawing must still come at once.
const MOST_BENDS = 4000;

/** A node, or a bend of an edge that passes a layer. `along` is its size in the direction of the flow, `across` the other. */
interface Slot {
  id: string;
  layer: number;
  along: number;
  across: number;
  bend: boolean;
}

export function layOut(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], direction: Direction): Layout {
  const layers = layersOf(nodes, edges);
  const { slots, links, chains } = split(nodes, edges, layers, direction);
  const rows = orderRows(slots, links);
  const spacing = SPACING[direction];
  const centers = straighten(rows, links, spacing.sibling);

  const thickness = rows.map((row) => Math.max(0, ...row.map(({ along }) => along)));
  const offsets: number[] = [];
  let length = 0;
  rows.forEach((_, layer) => {
    offsets.push(length);
    const labelled = edges.some((edge) => edge.labelled && layers.get(edge.from) === layer);
    const last = layer === rows.length - 1;
    length += (thickness[layer] ?? 0) + (last ? 0 : labelled ? spacing.labelledLayer : spacing.layer);
  });

  const all = rows.flat();
  const low = Math.min(0, ...all.map(({ id, across }) => (centers.get(id) ?? 0) - across / 2));
  const high = Math.max(0, ...all.map(({ id, across }) => (centers.get(id) ?? 0) + across / 2));
  const point = (along: number, across: number): Point =>
    direction === "right" ? { x: along, y: across } : { x: across, y: along };

  const middle = (slot: Slot) => (offsets[slot.layer] ?? 0) + (thickness[slot.layer] ?? 0) / 2;
  const center = (slot: Slot) => (centers.get(slot.id) ?? 0) - low;
  const places = new Map(
    all
      .filter(({ bend }) => !bend)
      .map((slot) => [slot.id, point(middle(slot) - slot.along / 2, center(slot) - slot.across / 2)]),
  );
  const routes = new Map<string, Point[]>();
  for (const [edge, chain] of chains) {
    const ends = chain.length - 1;
    const points = chain.flatMap((slot, index) => {
      const half = slot.along / 2;
      // A bend keeps straight through the whole layer, so that it clears the nodes beside it.
      const reach = slot.bend ? (thickness[slot.layer] ?? 0) / 2 : half;
      const before = point(middle(slot) - reach, center(slot));
      const after = point(middle(slot) + reach, center(slot));
      return index === 0 ? [after] : index === ends ? [before] : [before, after];
    });
    routes.set(edge.id, points);
  }
  const size = point(length, high - low);
  return { direction, places, routes, width: size.x, height: size.y };
}

/** The direction in which the graph can be shown larger in a box of this size; to the right when both are as good. */
export function betterFit(a: Layout, b: Layout, width: number, height: number): Layout {
  const zoom = (layout: Layout) => Math.min(1, width / (layout.width || 1), height / (layout.height || 1));
  return zoom(b) > zoom(a) ? b : a;
}

/** The layer of each node: the length of the longest path to it. An edge that would close a cycle does not count. */
export function layersOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, number> {
  const followers = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) if (followers.has(to)) followers.get(from)?.push(to);
  const order: string[] = [];
  const forward = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  const state = new Map<string, "open" | "done">();
  for (const { id: root } of nodes) {
    if (state.has(root)) continue;
    // Depth first with a stack of our own: a chain of a thousand nodes must not exhaust the browser's.
    const stack = [{ id: root, next: 0 }];
    state.set(root, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = followers.get(top.id)?.[top.next++];
      if (to === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
      } else if (state.get(to) !== "open") {
        forward.get(top.id)?.push(to);
        if (!state.has(to)) {
          state.set(to, "open");
          stack.push({ id: to, next: 0 });
        }
      }
    }
  }
  const layers = new Map<string, number>(nodes.map(({ id }) => [id, 0]));
  for (const id of order.reverse()) {
    for (const to of forward.get(id) ?? []) {
      layers.set(to, Math.max(layers.get(to) ?? 0, (layers.get(id) ?? 0) + 1));
    }
  }
  return layers;
}

export interface Link {
  above: Slot;
  below: Slot;
}

/** Slots for nodes and bends, links between neighbouring layers, and the chain of slots of each edge in its direction. */
function split(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  layers: Map<string, number>,
  direction: Direction,
): { slots: Slot[]; links: Link[]; chains: [LayoutEdge, Slot[]][] } {
  const byId = new Map<string, Slot>();
  for (const { id, width, height } of nodes) {
    const [along, across] = direction === "right" ? [width, height] : [height, width];
    byId.set(id, { id, layer: layers.get(id) ?? 0, along, across, bend: false });
  }
  const slots = [...byId.values()];
  const links: Link[] = [];
  const chains: [LayoutEdge, Slot[]][] = [];
  const spans = edges.map(({ from, to }) => Math.abs((layers.get(from) ?? 0) - (layers.get(to) ?? 0)));
  const bending = spans.reduce((sum, span) => sum + span, 0) - spans.length <= MOST_BENDS;
  for (const edge of edges) {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    if (!from || !to) continue;
    const back = from.layer > to.layer;
    const [top, bottom] = back ? [to, from] : [from, to];
    const chain = [top];
    for (let layer = top.layer + 1; bending && layer < bottom.layer; layer++) {
      chain.push({ id: `${edge.id}#${layer}`, layer, along: 0, across: 0, bend: true });
    }
    if (top !== bottom) chain.push(bottom);
    slots.push(...chain.filter(({ bend }) => bend));
    chain.slice(1).forEach((below, index) => {
      const above = chain[index];
      if (above) links.push({ above, below });
    });
    // A node that leads to itself has no way between layers to draw.
    if (top !== bottom) chains.push([edge, back ? chain.reverse() : chain]);
  }
  return { slots, links, chains };
}

/** The slots of each layer in an order with few crossings: sweeps by the mean place of neighbours, the best one kept. */
function orderRows(slots: readonly Slot[], links: readonly Link[]): Slot[][] {
  let rows: Slot[][] = [];
  for (const slot of slots) (rows[slot.layer] ??= []).push(slot);
  rows = Array.from(rows, (row) => row as Slot[] | undefined).map((row) => row ?? []);
  const above = new Map<Slot, Slot[]>();
  const below = new Map<Slot, Slot[]>();
  for (const link of links) {
    above.set(link.below, [...(above.get(link.below) ?? []), link.above]);
    below.set(link.above, [...(below.get(link.above) ?? []), link.below]);
  }
  let best = rows;
  let fewest = crossings(rows, below);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const next = rows.map((row) => [...row]);
    const order = down ? next.keys() : [...next.keys()].reverse();
    for (const layer of order) {
      const neighbours = next[down ? layer - 1 : layer + 1];
      const row = next[layer];
      if (!neighbours || !row) continue;
      const place = new Map(neighbours.map((slot, index) => [slot, index]));
      const mean = new Map(
        row.map((slot, index) => [slot, meanPlace((down ? above : below).get(slot), place) ?? index]),
      );
      row.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0));
    }
    rows = next;
    const count = crossings(rows, below);
    if (count < fewest) [best, fewest] = [rows, count];
  }
  return best;
}

function meanPlace(neighbours: Slot[] | undefined, place: Map<Slot, number>): number | null {
  if (!neighbours?.length) return null;
  return neighbours.reduce((sum, slot) => sum + (place.get(slot) ?? 0), 0) / neighbours.length;
}

/** How many pairs of links cross: inversions of the lower ends when the links are read by their upper ends. */
function crossings(rows: readonly Slot[][], below: Map<Slot, Slot[]>): number {
  let count = 0;
  for (let layer = 0; layer < rows.length - 1; layer++) {
    const place = new Map(rows[layer + 1]?.map((slot, index) => [slot, index]));
    const seen: number[] = [];
    for (const slot of rows[layer] ?? []) {
      const ends = (below.get(slot) ?? []).map((end) => place.get(end) ?? 0).sort((a, b) => a - b);
      for (const end of ends) count += seen.length - insertionPoint(seen, end);
      for (const end of ends) seen.splice(insertionPoint(seen, end), 0, end);
    }
  }
  return count;
}

/** Where `value` goes after its equals in a sorted list. */
function insertionPoint(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if ((sorted[half] ?? 0) <= value) low = half + 1;
    else high = half;
  }
  return low;
}
