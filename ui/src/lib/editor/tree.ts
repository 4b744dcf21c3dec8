/** The nodes of a toolchain by where they stand: in the toolchain itself, or in the body of a map or a loop. Pure. */
import type { Body, Edge, LoopNode, MapNode, Node, Toolchain } from "@/models";

/** What holds nodes: the id of a map or a loop; null is the toolchain itself. */
export type Container = string | null;

export type Holder = MapNode | LoopNode;

export function isHolder(node: Node): node is Holder {
  return node.kind === "map" || node.kind === "loop";
}

/** Every node with what holds it, those within others behind them. */
export function* everyNode(part: Pick<Body, "nodes">, container: Container = null): Generator<[Node, Container]> {
  for (const node of part.nodes) {
    yield [node, container];
    if (isHolder(node)) yield* everyNode(node.body, node.id);
  }
}

/** Every node by its id; of two with the same id the first. */
export function nodesById(toolchain: Pick<Toolchain, "nodes">): Map<string, { node: Node; container: Container }> {
  const found = new Map<string, { node: Node; container: Container }>();
  for (const [node, container] of everyNode(toolchain))
    if (!found.has(node.id)) found.set(node.id, { node, container });
  return found;
}

/** The nodes and edges of a container; edges that are left out are the chain of its nodes. */
export function partAt(toolchain: Toolchain, container: Container): { nodes: Node[]; edges: Edge[] } | null {
  if (container === null) return { nodes: toolchain.nodes, edges: toolchain.edges };
  const holder = nodesById(toolchain).get(container)?.node;
  if (!holder || !isHolder(holder)) return null;
  return { nodes: holder.body.nodes, edges: edgesOfBody(holder.body) };
}

/** The edges of a body in full: one without edges begins with its first node, and its nodes follow each other. */
export function edgesOfBody(body: Body): Edge[] {
  if (body.edges) return body.edges;
  const ids = ["start", ...body.nodes.map(({ id }) => id), "end"];
  const branches = new Set(body.nodes.filter(({ kind }) => kind === "branch").map(({ id }) => id));
  return ids.slice(1).flatMap((to, index) => {
    const from = ids[index] ?? "start";
    return branches.has(from) ? [] : [{ from, to }];
  });
}

/** The toolchain with the nodes and edges of a container changed. */
export function withPart(
  toolchain: Toolchain,
  container: Container,
  change: (part: { nodes: Node[]; edges: Edge[] }) => { nodes: Node[]; edges: Edge[] },
): Toolchain {
  if (container === null) return { ...toolchain, ...change({ nodes: toolchain.nodes, edges: toolchain.edges }) };
  return withNode(toolchain, container, (node) => {
    if (!isHolder(node)) return node;
    const now = { nodes: node.body.nodes, edges: edgesOfBody(node.body) };
    const next = change(now);
    // A body that is a chain stays one as long as nobody touches its ways.
    const edges = next.edges === now.edges && next.nodes.length === now.nodes.length ? node.body.edges : next.edges;
    return { ...node, body: { ...node.body, nodes: next.nodes, ...(edges === undefined ? {} : { edges }) } };
  });
}

/** The toolchain with one node changed, wherever it stands. All others keep their identity. */
export function withNode(toolchain: Toolchain, id: string, change: (node: Node) => Node): Toolchain {
  const nodes = withNodeIn(toolchain.nodes, id, change);
  return nodes === toolchain.nodes ? toolchain : { ...toolchain, nodes };
}

function withNodeIn(nodes: Node[], id: string, change: (node: Node) => Node): Node[] {
  for (const [index, node] of nodes.entries()) {
    let next = node;
    if (node.id === id) next = change(node);
    else if (isHolder(node)) {
      const inner = withNodeIn(node.body.nodes, id, change);
      if (inner !== node.body.nodes) next = { ...node, body: { ...node.body, nodes: inner } };
    }
    if (next !== node) return nodes.with(index, next);
    if (node.id === id) return nodes;
  }
  return nodes;
}

/** What holds the node, from the innermost to the outermost. */
export function holdersOf(toolchain: Pick<Toolchain, "nodes">, id: string): string[] {
  const all = nodesById(toolchain);
  const holders: string[] = [];
  for (let at = all.get(id)?.container ?? null; at !== null; at = all.get(at)?.container ?? null) holders.push(at);
  return holders;
}

/** The ids of a node and of all nodes within it. */
export function idsWithin(node: Node): string[] {
  return isHolder(node) ? [node.id, ...[...everyNode(node.body)].map(([inner]) => inner.id)] : [node.id];
}
