/** What a node refers to, so that it can be run alone. Pure. */
import { isObject } from "@/lib/json";
import type { Node } from "@/models";

export interface Needs {
  /** Ids of other nodes whose outputs it reads. */
  nodes: string[];
  /** State keys that it reads. */
  state: string[];
  /** Whether it reads the run's input. */
  input: boolean;
}

const REFERENCE = /\b(nodes|state)\.([A-Za-z_][\w-]*)|\binput\b/g;

/** The references and templates within a node, those of nodes that it holds included. */
export function needsOf(node: Node): Needs {
  const found = { nodes: new Set<string>(), state: new Set<string>(), input: false };
  const own = new Set<string>();
  look(node, found, own);
  return { nodes: [...found.nodes].filter((id) => !own.has(id)), state: [...found.state], input: found.input };
}

type Found = { nodes: Set<string>; state: Set<string>; input: boolean };

function look(value: unknown, found: Found, own: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) look(item, found, own);
  else if (isObject(value)) {
    if (typeof value["id"] === "string" && typeof value["kind"] === "string") own.add(value["id"]);
    for (const [key, held] of Object.entries(value)) {
      // A `literal` says what it says.
      if (key === "literal") continue;
      if ((key === "ref" || key === "template" || key === "over") && typeof held === "string") read(held, found);
      else look(held, found, own);
    }
  }
}

function read(text: string, found: Found): void {
  for (const [, root, name] of text.matchAll(REFERENCE)) {
    if (root === "nodes" && name !== undefined) found.nodes.add(name);
    else if (root === "state" && name !== undefined) found.state.add(name);
    else found.input = true;
  }
}
