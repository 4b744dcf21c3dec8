/** Nodes as a text that can be pasted here, into another toolchain or into another browser. Pure. */
import { isDrawable } from "@/lib/flow";
import { isObject, readJson } from "@/lib/json";
import type { Point } from "@/lib/layout";
import type { Edge, Node, Toolchain } from "@/models";
import { arranged } from "./arrange";
import { freshId, takenIds, withPlaces } from "./commands";
import { keptOf, type Note, withKept } from "./keeping";
import { LONGEST_TEXT, MOST_NODES, refusalOf } from "./reading";
import { withRenamed } from "./rename";
import { type Container, everyNode, idsWithin, nodesById, partAt, withPart } from "./tree";

export interface Fragment {
  nodes: Node[];
  edges: Edge[];
  places: Record<string, [x: number, y: number]>;
  notes: Note[];
}

const FORM = "penstock/nodes";

/** The selected nodes with the ways between them, and the selected notes; null when there is none of either. */
export function copied(toolchain: Toolchain, selection: ReadonlySet<string>): string | null {
  const all = nodesById(toolchain);
  const chosen = [...selection].flatMap((id) => all.get(id) ?? []);
  // What stands within something that is copied comes with it.
  const inside = new Set(chosen.flatMap(({ node }) => idsWithin(node).slice(1)));
  const outer = chosen.filter(({ node }) => !inside.has(node.id));
  const ids = new Set(outer.map(({ node }) => node.id));
  const notes = keptOf(toolchain).notes.filter(({ id }) => selection.has(`note:${id}`));
  if (ids.size + notes.length === 0) return null;
  const containers = new Set(outer.map(({ container }) => container));
  const edges = [...containers].flatMap((container) => partAt(toolchain, container)?.edges ?? []);
  const { places } = arranged(toolchain);
  const within = [...ids, ...inside].flatMap((id) => {
    const at = places.get(id);
    return at ? [[id, [at.x, at.y]] as const] : [];
  });
  const fragment: Fragment & { form: string } = {
    form: FORM,
    nodes: outer.map(({ node }) => node),
    edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    places: Object.fromEntries(within) as Fragment["places"],
    notes: [...notes],
  };
  return JSON.stringify(fragment, null, 2);
}

export type Pasted =
  | { kind: "fragment"; fragment: Fragment }
  | { kind: "toolchain"; toolchain: Toolchain }
  | { kind: "refused"; reason: string };

/** What a pasted text is. */
export function readPasted(text: string): Pasted {
  if (text.length > LONGEST_TEXT)
    return refused(`This text has ${(text.length / 1e6).toFixed(1)} million characters; 4 million are the most.`);
  const { value, fault } = readJson(text);
  if (fault !== null) return refused("What was pasted is not JSON: nodes and toolchains are pasted as JSON.");
  if (!isObject(value) || value["form"] !== FORM) {
    const refusal = refusalOf(value);
    return refusal === null ? { kind: "toolchain", toolchain: value as Toolchain } : refused(refusal);
  }
  const { nodes, edges, notes } = value;
  const shaped = { id: "pasted", title: "", nodes: nodes ?? [], edges: edges ?? [] };
  const refusal = refusalOf(shaped);
  if (refusal !== null) return refused(refusal);
  if (!isDrawable(shaped)) return refused("What was pasted holds nodes that cannot be drawn.");
  const kept = keptOf({ metadata: { editor: { places: value["places"], notes } } });
  const places = Object.fromEntries([...kept.places].map(([id, { x, y }]) => [id, [x, y]])) as Fragment["places"];
  return { kind: "fragment", fragment: { nodes: shaped.nodes, edges: shaped.edges, places, notes: [...kept.notes] } };
}

const refused = (reason: string): Pasted => ({ kind: "refused", reason });

interface Pasting {
  toolchain: Toolchain;
  /** What was pasted, by its new ids. */
  ids: string[];
  /** Why nothing was; then the toolchain is the one given. */
  refusal: string | null;
}

/**
 * The toolchain with a fragment in it. Names that are taken are changed, also where the fragment refers to them.
 * @param at where its upper left corner comes to stand; null: a little beside where it was
 */
export function pasted(toolchain: Toolchain, fragment: Fragment, container: Container, at: Point | null): Pasting {
  const taken = takenIds(toolchain);
  const count = taken.size + [...everyNode(fragment)].length;
  if (count > MOST_NODES)
    return { toolchain, ids: [], refusal: `With these there would be ${count} nodes; ${MOST_NODES} are the most.` };
  const names = new Map<string, string>();
  for (const [{ id }] of everyNode(fragment)) {
    const name = freshId(id, taken);
    taken.add(name);
    names.set(id, name);
  }
  const nodes = fragment.nodes.map((node) => renamedAll(node, names));
  const edges = fragment.edges.map(({ from, to }) => ({ from: names.get(from) ?? from, to: names.get(to) ?? to }));
  const before = arranged(toolchain).places;
  let next = withPart(toolchain, container, (part) => ({
    nodes: [...part.nodes, ...nodes],
    edges: [...part.edges, ...edges],
  }));
  const outer = new Set(fragment.nodes.map(({ id }) => id));
  const corner = cornerOf([
    ...Object.entries(fragment.places)
      .filter(([id]) => outer.has(id))
      .map(([, [x, y]]) => ({ x, y })),
    ...fragment.notes,
  ]);
  const shift = at ? { x: at.x - corner.x, y: at.y - corner.y } : { x: 40, y: 40 };
  const moved = new Map<string, Point>();
  for (const [id, [x, y]] of Object.entries(fragment.places)) {
    const by = outer.has(id) ? shift : { x: 0, y: 0 };
    moved.set(names.get(id) ?? id, { x: x + by.x, y: y + by.y });
  }
  const kept = keptOf(toolchain);
  const takenNotes = new Set(kept.notes.map(({ id }) => id));
  const notes = fragment.notes.map((note) => {
    const id = freshId(note.id, takenNotes);
    takenNotes.add(id);
    return { ...note, id, x: note.x + shift.x, y: note.y + shift.y };
  });
  next = withPlaces(withKept(next, { places: before, notes: [...kept.notes, ...notes] }), moved);
  return {
    toolchain: next,
    ids: [...nodes.map(({ id }) => id), ...notes.map(({ id }) => `note:${id}`)],
    refusal: null,
  };
}

function renamedAll(node: Node, names: ReadonlyMap<string, string>): Node {
  const wrapped: Toolchain = { id: "x", title: "x", nodes: [node], edges: [] };
  // First to names that no node can have, so that an exchange of two names does not make one of them.
  const steps = [...names].filter(([from, to]) => from !== to);
  const aside = steps.reduce((whole, [from], index) => withRenamed(whole, from, `0-${index}`), wrapped);
  const done = steps.reduce((whole, [, to], index) => withRenamed(whole, `0-${index}`, to), aside);
  return done.nodes[0] ?? node;
}

function cornerOf(points: readonly Point[]): Point {
  if (points.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) };
}
