/** Which values flow from where to where, as lines between the fields of nodes. Pure. */
import type { Node, Toolchain } from "@/models";
import { GIVES, TAKES } from "./connecting";
import { type Help, inputsOf, outputsOf } from "./results";
import { everyNode, nodesById } from "./tree";
import { referencesIn, valueAt } from "./values";
import { END, START } from "./ways";

export interface ValueLine {
  id: string;
  from: string;
  fromHandle: string;
  to: string;
  toHandle: string;
}

/**
 * The lines of values into and out of some nodes.
 * @param around their ids; null: all of them
 */
export function valueLines(toolchain: Toolchain, help: Help, around: ReadonlySet<string> | null): ValueLine[] {
  const all = nodesById(toolchain);
  const lines = new Map<string, ValueLine>();
  function draw(value: unknown, to: string, toHandle: string) {
    for (const reference of referencesIn(value)) {
      const source = sourceOf(reference, all, help);
      if (!source || (around !== null && !around.has(source.from) && !around.has(to))) continue;
      const id = `${source.from}:${source.fromHandle}⇝${to}:${toHandle}`;
      lines.set(id, { id, ...source, to, toHandle });
    }
  }
  for (const [node] of everyNode(toolchain))
    for (const { path } of inputsOf(node, help)) draw(valueAt(node, path), node.id, TAKES + path);
  for (const [name, value] of Object.entries(toolchain.output ?? {})) draw(value, END, TAKES + name);
  return [...lines.values()];
}

function sourceOf(reference: string, all: ReturnType<typeof nodesById>, help: Help) {
  const [root, name = "", field = ""] = reference.split(".");
  if (root === "input" && name !== "") return { from: START, fromHandle: GIVES + name };
  const giver: Node | undefined = root === "nodes" ? all.get(name)?.node : undefined;
  if (!giver) return null;
  const port = outputsOf(giver, help).find(({ path }) => path === field || path === "");
  return port ? { from: giver.id, fromHandle: GIVES + port.path } : null;
}
