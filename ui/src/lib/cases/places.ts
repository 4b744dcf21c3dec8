/** Where checks may look in a toolchain. Pure. */
import { isObject } from "@/lib/json";
import type { Node, Toolchain } from "@/models";

/** Results with fields of their own, by the kind of node; of a function the server knows more. */
const FIELDS: Partial<Record<Node["kind"], readonly string[]>> = {
  llm: ["text", "data", "tool_calls", "usage", "citations"],
  agent: ["text", "data", "steps", "usage", "citations"],
  loop: ["iterations", "last", "done"],
  approval: ["value", "timed_out"],
  wait: ["value", "timed_out"],
  code: ["value", "printed"],
  http: ["status", "headers", "body"],
};
// Kinds that work for no result, and kinds that a run cannot be given one for.
const WITHOUT_RESULT: ReadonlySet<Node["kind"]> = new Set(["update", "branch", "join", "emit"]);

/** All nodes, those within others behind them. */
export function allNodes(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) =>
    node.kind === "map" || node.kind === "loop" ? [node, ...allNodes(node.body.nodes)] : [node],
  );
}

/** Paths to begin with: outputs first, then nodes, state, input and the error. */
export function placesOf(toolchain: Toolchain): string[] {
  const inner = new Set(allNodes(toolchain.nodes));
  for (const node of toolchain.nodes) inner.delete(node);
  const nodes = allNodes(toolchain.nodes).flatMap((node) => {
    if (WITHOUT_RESULT.has(node.kind)) return [];
    const path = `nodes.${node.id}`;
    return inner.has(node) ? [path] : [path, ...(FIELDS[node.kind] ?? []).map((field) => `${path}.${field}`)];
  });
  const properties = isObject(toolchain.input) ? toolchain.input["properties"] : null;
  return [
    ...Object.keys(toolchain.output ?? {}).map((name) => `output.${name}`),
    ...nodes,
    ...Object.keys(toolchain.state ?? {}).map((name) => `state.${name}`),
    ...Object.keys(isObject(properties) ? properties : {}).map((name) => `input.${name}`),
    "error.type",
    "error.message",
  ];
}

/** The ids of the nodes that a run can be given a result for. */
export function pinnable(toolchain: Toolchain): string[] {
  return allNodes(toolchain.nodes)
    .filter(({ kind }) => !WITHOUT_RESULT.has(kind))
    .map(({ id }) => id);
}
