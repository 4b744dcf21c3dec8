/** Texts that are to become a toolchain: whoever wrote them may be a stranger, or from the future. Pure. */
import { isDrawable } from "@/lib/flow";
import { isObject, readJson } from "@/lib/json";
import type { Toolchain } from "@/models";
import { NODE_KINDS } from "./nodeSchemas";

/** The longest text that is read, in characters; the server takes no longer body either. */
export const LONGEST_TEXT = 4_000_000;
/** How many nodes a toolchain may have, those within others included. */
export const MOST_NODES = 1000;

export type Reading = { toolchain: Toolchain; refusal: null } | { toolchain: null; refusal: string };

/** The toolchain of a text, or why there is none, in words that say what to do. */
export function readToolchain(text: string): Reading {
  if (text.length > LONGEST_TEXT) {
    const size = (text.length / 1e6).toFixed(1);
    return { toolchain: null, refusal: `This text has ${size} million characters; a toolchain has 4 million at most.` };
  }
  const { value, fault } = readJson(text);
  if (fault !== null) return { toolchain: null, refusal: `This is not JSON. ${fault}` };
  const refusal = refusalOf(value);
  return refusal === null ? { toolchain: value as Toolchain, refusal } : { toolchain: null, refusal };
}

/** Why a value cannot be edited as a toolchain; null when it can. What else is wrong with it, its faults say. */
export function refusalOf(value: unknown): string | null {
  if (!isObject(value)) return "This is JSON, but no toolchain: a toolchain is an object with `nodes` and `edges`.";
  if (!Array.isArray(value["nodes"]) || !Array.isArray(value["edges"]))
    return "This is JSON, but no toolchain: it has no list of `nodes` and no list of `edges`.";
  const count = countNodes(value["nodes"], 0);
  if (count > MOST_NODES)
    return `This toolchain has ${count.toLocaleString("en")} nodes; ${MOST_NODES.toLocaleString("en")} are the most. Put parts of it into toolchains of their own and call them as subchains.`;
  const unknown = unknownKinds(value["nodes"]);
  if (unknown.length > 0)
    return `This toolchain has nodes of kinds that this version of Penstock does not know: ${unknown.join(", ")}. Update Penstock to open it.`;
  if (typeof value["id"] !== "string" || typeof value["title"] !== "string")
    return "This is JSON, but no toolchain: it needs an `id` and a `title` as text.";
  if (!hasParts(value)) return "This is JSON, but no toolchain: `input`, `state`, `output` and `metadata` are objects.";
  return isDrawable(value) ? null : "Some nodes of this toolchain lack what their kind needs, so it cannot be drawn.";
}

const hasParts = (value: Record<string, unknown>) =>
  ["input", "state", "output", "metadata"].every((part) => value[part] === undefined || isObject(value[part]));

const bodyOf = (node: unknown) => (isObject(node) && isObject(node["body"]) ? node["body"]["nodes"] : null);

// Bodies within bodies, as deep as anybody would want to look.
const DEEPEST = 50;

function countNodes(nodes: readonly unknown[], depth: number): number {
  let count = nodes.length;
  if (depth < DEEPEST)
    for (const node of nodes) {
      const inner = bodyOf(node);
      if (Array.isArray(inner)) count += countNodes(inner, depth + 1);
    }
  return count;
}

function unknownKinds(nodes: readonly unknown[], depth = 0): string[] {
  const kinds = new Set<string>();
  for (const node of nodes) {
    const kind = isObject(node) ? node["kind"] : undefined;
    if (typeof kind === "string" && !NODE_KINDS.has(kind)) kinds.add(kind.slice(0, 40));
    const inner = bodyOf(node);
    if (Array.isArray(inner) && depth < DEEPEST) for (const one of unknownKinds(inner, depth + 1)) kinds.add(one);
  }
  return [...kinds].slice(0, 5);
}
