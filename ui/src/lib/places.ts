/**
 * Places of nodes within a run: `each[3].summarise` is the node `summarise` in the fourth round of `each`,
 * `agent.turn.0` and `agent.call.0.1` are steps of an agent. Pure.
 */
import type { Body, Node, Toolchain } from "@/models";
import { titleOf } from "./flow";
import { plural } from "./format";
import { isObject } from "./json";
import type { NodeTrace, RunTrace } from "./trace";

/** What holds the node: the longest known place that this one begins with. */
export function parentOf(place: string, known: { has: (place: string) => boolean }): string | null {
  for (let end = place.length - 1; end > 0; end--) {
    if (place[end] !== "." && place[end] !== "[") continue;
    const parent = place.slice(0, end);
    if (known.has(parent)) return parent;
  }
  return null;
}

/** The number of the round or element that the place is in, within its parent; null when it is in none. */
export function roundOf(place: string, parent: string): number | null {
  const found = /^\[(\d+)\]/.exec(place.slice(parent.length));
  return found ? Number(found[1]) : null;
}

/** The node of the toolchain that a place is of: the innermost one that the toolchain itself holds. Null when none is. */
export function nodeAt(toolchain: Pick<Toolchain, "nodes">, place: string): { node: Node; exact: boolean } | null {
  let body: Pick<Body, "nodes"> | null = toolchain;
  let found: Node | null = null;
  for (const part of place.split(".")) {
    const id = part.replace(/(\[\d+\])+$/, "");
    const node: Node | undefined = body?.nodes.find((one) => one.id === id);
    if (!node) return found && { node: found, exact: false };
    found = node;
    body = node.kind === "map" || node.kind === "loop" ? node.body : null;
  }
  return found && { node: found, exact: true };
}

/** A node as one row of a run, with those within it behind it. */
export interface Nested {
  trace: NodeTrace;
  title: string;
  /** How deep it is: 0 for the run's own nodes. */
  depth: number;
  children: Nested[];
}

/** The nodes of a run as a tree, in the order of their starts. Steps that only note a time are left out. */
export function nest(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">): Nested[] {
  const rows = new Map<string, Nested>();
  const roots: Nested[] = [];
  for (const node of trace.nodes.values()) {
    if (node.kind === "time") continue;
    const parent = rows.get(parentOf(node.id, trace.nodes) ?? "");
    const title = titleOfPlace(node, parent?.trace.id ?? null, toolchain);
    const row = { trace: node, title, depth: parent ? parent.depth + 1 : 0, children: [] };
    (parent?.children ?? roots).push(row);
    rows.set(node.id, row);
  }
  return roots;
}

function titleOfPlace(node: NodeTrace, parent: string | null, toolchain: Pick<Toolchain, "nodes">): string {
  const within = parent === null ? node.id : node.id.slice(parent.length).replace(/^(\[\d+\])*\.?/, "");
  const round = parent === null ? null : roundOf(node.id, parent);
  const prefix = round === null ? "" : `${round + 1}. `;
  const defined = nodeAt(toolchain, node.id);
  if (defined?.exact) return prefix + titleOf(defined.node);
  if (node.kind === "turn") return `Turn ${Number(within.split(".").at(-1)) + 1}`;
  if (node.kind === "tool" && isObject(node.input) && typeof node.input["tool"] === "string") return node.input["tool"];
  return prefix + titleOf({ id: within, title: "" });
}

/** A node's title with those of the nodes around it: `Each › 4. Summarise`. */
export function pathOf(place: string, trace: RunTrace, toolchain: Pick<Toolchain, "nodes">): string {
  const node = trace.nodes.get(place);
  const parent = parentOf(place, trace.nodes);
  if (!node) {
    const defined = nodeAt(toolchain, place);
    return defined?.exact ? titleOf(defined.node) : place;
  }
  const title = titleOfPlace(node, parent, toolchain);
  return parent === null ? title : `${pathOf(parent, trace, toolchain)} › ${title}`;
}

/** How far a map or a loop is: elements that are done, of how many. */
export interface Rounds {
  done: number;
  failed: number;
  /** Of a loop the most that there may be. */
  total: number;
}

/** The rounds of every map and loop of a run, by its place. */
export function roundsOf(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">): Map<string, Rounds> {
  const found = new Map<string, Map<number, NodeTrace[]>>();
  for (const { id, kind } of trace.nodes.values()) if (kind === "map" || kind === "loop") found.set(id, new Map());
  if (found.size === 0) return new Map();
  for (const node of trace.nodes.values()) {
    const parent = parentOf(node.id, found);
    const round = parent === null ? null : roundOf(node.id, parent);
    const rounds = parent === null ? undefined : found.get(parent);
    if (round !== null && rounds) rounds.set(round, [...(rounds.get(round) ?? []), node]);
  }
  return new Map(
    [...found].map(([id, rounds]) => {
      const node = trace.nodes.get(id);
      const body = bodyOf(nodeAt(toolchain, id)?.node);
      const last = exitsOf(body);
      const total = totalOf(node?.input, rounds.size);
      const all = [...rounds.values()];
      const done = all.filter((nodes) => isOver(nodes, last)).length;
      const failed = all.filter((nodes) => nodes.some(({ status }) => status === "failed")).length;
      const ended = node?.status === "completed" && node.kind === "map";
      return [id, { done: ended ? total : done, failed, total: Math.max(total, done) }];
    }),
  );
}

/** `12 of 40`, with what failed. */
export function roundsInWords({ done, failed, total }: Rounds): string {
  return `${done} of ${total}${failed > 0 ? `, ${plural(failed, "failure")}` : ""}`;
}

function bodyOf(node: Node | undefined): Body | null {
  return node?.kind === "map" || node?.kind === "loop" ? node.body : null;
}

/** The nodes of a body after which a round may be over. */
function exitsOf(body: Body | null): ReadonlySet<string> {
  if (!body) return new Set();
  const { nodes, edges } = body;
  if (!edges) return new Set(nodes.slice(-1).map(({ id }) => id));
  const going = new Set(edges.filter(({ to }) => to !== "end").map(({ from }) => from));
  return new Set(
    nodes
      .filter((node) =>
        node.kind === "branch" ? [...node.cases.map(({ to }) => to), node.else].includes("end") : true,
      )
      .filter(({ id, kind }) => kind === "branch" || !going.has(id))
      .map(({ id }) => id),
  );
}

function isOver(nodes: readonly NodeTrace[], exits: ReadonlySet<string>): boolean {
  const open = nodes.some(({ status }) => status === "running" || status === "waiting");
  return !open && nodes.some(({ id, status }) => status === "failed" || exits.has(id.split(".").at(-1) ?? ""));
}

/** A map is told its list, cut where it is long with a note of how many more there were; a loop its most rounds. */
function totalOf(input: unknown, seen: number): number {
  if (!isObject(input)) return seen;
  const { over, max_iterations: most } = input;
  if (typeof most === "number") return most;
  if (!Array.isArray(over)) return seen;
  const more = /^… \((\d+) more\)$/.exec(String(over.at(-1)));
  return more ? over.length - 1 + Number(more[1]) : over.length;
}

/** Where a node of the toolchain was done in a run: once, or in many rounds. */
export function placesOf(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">, id: string): string[] {
  return [...trace.nodes.keys()].filter((place) => {
    const found = nodeAt(toolchain, place);
    return found?.exact === true && found.node.id === id;
  });
}

// More than this at a node are folded at first, and no more than so many of them are rows.
const FOLDED = 12;
const MOST_ROWS = 200;

/**
 * The rows of a tree that are seen, from top to bottom.
 * @param toggled the places that were folded or unfolded by hand
 */
export function visibleRows(rows: readonly Nested[], toggled: ReadonlySet<string>): { row: Nested; open: boolean }[] {
  return rows.flatMap((row) => {
    const few = row.children.length > 0 && row.children.length <= FOLDED;
    const open = toggled.has(row.trace.id) ? !few : few;
    return [{ row, open }, ...(open ? visibleRows(row.children.slice(0, MOST_ROWS), toggled) : [])];
  });
}
