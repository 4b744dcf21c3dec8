/** What differs between two toolchains, as it is drawn: both in one graph, with marks. Pure. */
import { chainOf, flowOf } from "@/lib/flow";
import { sameJson } from "@/lib/json";
import type { Body, Edge, Node, Toolchain } from "@/models";

export type Mark = "added" | "removed" | "changed";

export interface Changes {
  /** The nodes and edges of both. */
  union: Pick<Toolchain, "nodes" | "edges">;
  /** By node, and by the id that the edge has in the graph. */
  nodes: ReadonlyMap<string, Mark>;
  edges: ReadonlyMap<string, Mark>;
}

type Part = Pick<Toolchain, "nodes" | "edges">;

export function changesOf(before: Part, after: Part): Changes {
  const nodes = new Map<string, Mark>();
  const union = { nodes: unionOf(before.nodes, after.nodes, nodes), edges: edgesOf(before.edges, after.edges) };
  const [old, now] = [edgeIds(before), edgeIds(after)];
  const edges = new Map<string, Mark>();
  for (const id of new Set([...old, ...now])) {
    if (!old.has(id)) edges.set(id, "added");
    else if (!now.has(id)) edges.set(id, "removed");
  }
  return { union, nodes, edges };
}

/** The nodes of now, each removed one behind the one that it followed. */
function unionOf(before: readonly Node[], after: readonly Node[], marks: Map<string, Mark>): Node[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const together = after.map((node): Node => {
    const was = old.get(node.id);
    if (!was) return marked(node, "added", marks);
    if (!sameNode(was, node)) marks.set(node.id, "changed");
    const body = bodyOf(node);
    return body ? ({ ...node, body: bodiesOf(bodyOf(was) ?? { nodes: [] }, body, marks) } as Node) : node;
  });
  const there = new Set(after.map(({ id }) => id));
  before.forEach((node, index) => {
    if (there.has(node.id)) return;
    const follows = together.findIndex(({ id }) => id === before[index - 1]?.id);
    together.splice(follows + 1, 0, marked(node, "removed", marks));
  });
  return together;
}

function marked(node: Node, mark: Mark, marks: Map<string, Mark>): Node {
  marks.set(node.id, mark);
  for (const inner of bodyOf(node)?.nodes ?? []) marked(inner, mark, marks);
  return node;
}

const bodyOf = (node: Node): Body | null => (node.kind === "map" || node.kind === "loop" ? node.body : null);

/** Nodes without edges follow each other: together they need them said. */
function bodiesOf(before: Body, after: Body, marks: Map<string, Mark>): Body {
  const edges = edgesOf(before.edges ?? chainOf(before.nodes), after.edges ?? chainOf(after.nodes));
  return { ...after, nodes: unionOf(before.nodes, after.nodes, marks), edges };
}

function edgesOf(before: readonly Edge[], after: readonly Edge[]): Edge[] {
  const there = new Set(after.map(({ from, to }) => `${from} ${to}`));
  return [...after, ...before.filter(({ from, to }) => !there.has(`${from} ${to}`))];
}

/** What a node holds is compared by itself; a node that was a map before is another one. */
function sameNode(before: Node, after: Node): boolean {
  return sameJson({ ...before, body: null }, { ...after, body: null });
}

function edgeIds(part: Part): Set<string> {
  const ids = new Set<string>();
  const collect = ({ nodes, edges }: ReturnType<typeof flowOf>) => {
    for (const { id } of edges) ids.add(id);
    for (const { body } of nodes) if (body) collect(body);
  };
  collect(flowOf(part));
  return ids;
}
