/** What a node refers to, so that it can be run alone. Pure. */
import { idsWithin } from "@/lib/editor/tree";
import { referencesIn } from "@/lib/editor/values";
import type { Node } from "@/models";

export interface Needs {
  /** Ids of other nodes whose outputs it reads. */
  nodes: string[];
  /** State keys that it reads. */
  state: string[];
  /** Whether it reads the run's input. */
  input: boolean;
}

/** The references and templates within a node, those of nodes that it holds included. */
export function needsOf(node: Node): Needs {
  const paths = referencesIn(node).map((reference) => reference.split("."));
  const own = new Set(idsWithin(node));
  const named = (root: string) => [
    ...new Set(paths.flatMap(([first, name]) => (first === root && name ? [name] : []))),
  ];
  return {
    nodes: named("nodes").filter((id) => !own.has(id)),
    state: named("state"),
    input: paths.some(([root]) => root === "input"),
  };
}
