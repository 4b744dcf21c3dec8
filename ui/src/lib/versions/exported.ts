/** A toolchain as a file that shows in a diff what was changed, and nothing else. Pure. */
import { isObject } from "@/lib/json";
import type { Toolchain } from "@/models";

const TOOLCHAIN = (
  "id title description input state nodes edges output stream durable timeout_seconds concurrency on_busy suggestions " +
  "follow_up tests page metadata"
).split(" ");
const NODE = "id kind title when".split(" ");

/**
 * Its JSON: the language's own keys in one order, one value a line, a line feed at the end. What people named themselves
 * (fields of the input, state keys, outputs) stays in their order, as forms show it.
 */
export function exportedText(toolchain: Toolchain): string {
  return `${JSON.stringify(ordered({ ...toolchain }, TOOLCHAIN, toolchain.nodes), null, 2)}\n`;
}

function ordered(value: Record<string, unknown>, first: readonly string[], nodes: readonly unknown[]): unknown {
  const known = first.filter((key) => Object.hasOwn(value, key));
  const others = Object.keys(value)
    .filter((key) => !first.includes(key))
    .sort();
  return Object.fromEntries(
    [...known, ...others].map((key) => {
      const held = value[key];
      if (key === "nodes") return [key, nodes.map(orderedNode)];
      return [key, key === "metadata" ? sorted(held) : held];
    }),
  );
}

function orderedNode(node: unknown): unknown {
  if (!isObject(node)) return node;
  const body = node["body"];
  const whole =
    isObject(body) && Array.isArray(body["nodes"]) ? { ...node, body: ordered(body, [], body["nodes"]) } : node;
  return ordered(whole, NODE, []);
}

/** What editors keep has no order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
