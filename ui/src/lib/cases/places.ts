/** Where checks may look in a toolchain. Pure. */
import { everyNode } from "@/lib/editor/tree";
import { givesResult } from "@/lib/flow";
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

/** Paths to begin with: outputs first, then nodes, state, input and the error. */
export function placesOf(toolchain: Toolchain): string[] {
  const nodes = [...everyNode(toolchain)].flatMap(([node, container]) => {
    if (!givesResult(node)) return [];
    const path = `nodes.${node.id}`;
    return container !== null ? [path] : [path, ...(FIELDS[node.kind] ?? []).map((field) => `${path}.${field}`)];
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
  return [...everyNode(toolchain)].flatMap(([node]) => (givesResult(node) ? [node.id] : []));
}
