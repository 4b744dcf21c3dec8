/** What a node refers to, so that it can be run alone. Pure. */
import { holdersOf, idsWithin, isHolder, nodesById } from "@/lib/editor/tree";
import { referencesIn } from "@/lib/editor/values";
import type { Node, Toolchain } from "@/models";

/** What a map or a loop gives to each of its rounds. */
export type RoundRoot = "item" | "index" | "last";

export interface Needs {
  /** Ids of other nodes whose outputs it reads. */
  nodes: string[];
  /** State keys that it reads. */
  state: string[];
  /** Whether it reads the run's input. */
  input: boolean;
  /** What it reads of the round that it is done in. */
  round: RoundRoot[];
}

/** The references and templates within a node of a toolchain, those of nodes that it holds included. */
export function needsOf(node: Node, toolchain: Pick<Toolchain, "nodes">): Needs {
  const paths = referencesIn(node).map((reference) => reference.split("."));
  const own = new Set(idsWithin(node));
  const named = (root: string) => [
    ...new Set(paths.flatMap(([first, name]) => (first === root && name ? [name] : []))),
  ];
  const all = nodesById(toolchain);
  const around = holdersOf(toolchain, node.id).flatMap((id) => givenBy(all.get(id)?.node));
  const read = new Set(roundRootsIn(node));
  return {
    nodes: named("nodes").filter((id) => !own.has(id)),
    state: named("state"),
    input: paths.some(([root]) => root === "input"),
    round: (["item", "index", "last"] as const).filter((root) => read.has(root) && around.includes(root)),
  };
}

function givenBy(holder: Node | undefined): RoundRoot[] {
  if (holder?.kind === "map") return ["item", "index"];
  return holder?.kind === "loop" ? ["index", "last"] : [];
}

/** Roots of rounds that are read in a node, and are not those of its own rounds. */
function roundRootsIn(node: Node): string[] {
  const roots = (value: unknown) => referencesIn(value).map((reference) => reference.split(".")[0] ?? "");
  if (!isHolder(node)) return roots(node);
  const { body, result, ...rest } = node;
  const { while: first, until, ...outside } = { while: null, until: null, ...rest };
  const own = new Set<string>(givenBy(node));
  const inside = [...roots([result, first, until]), ...body.nodes.flatMap(roundRootsIn)];
  return [...roots(outside), ...inside.filter((root) => !own.has(root))];
}
