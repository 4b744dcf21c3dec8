/** What a value at a node may refer to, for pickers. Pure. */
import { givesResult, titleOf } from "@/lib/flow";
import { isObject, type JsonObject } from "@/lib/json";
import type { Node, Toolchain } from "@/models";
import { type JsonType, resolved, typeNamed, typeOfSchema } from "./jsonTypes";
import { type Help, resultSchema, typeOfResult } from "./results";
import { holdersOf, nodesById, partAt } from "./tree";
import { ancestorsOf, waysOf } from "./ways";

export interface Referable {
  /** `nodes.search.hits`. */
  path: string;
  type: JsonType;
  group: string;
  description: string;
  /** The node whose result it is of. */
  node: string | null;
}

const RUN_FIELDS = ["id", "thread_id", "user_id", "toolchain_id"];

/**
 * Everything that may be referred to.
 * @param at the node; null: in the output of the toolchain
 * @param withResult whether the node's own result may be, as in `write`
 */
export function referables(toolchain: Toolchain, at: string | null, help: Help, withResult = false): Referable[] {
  const found: Referable[] = [];
  const all = nodesById(toolchain);
  const own = at === null ? null : (all.get(at)?.node ?? null);
  if (own && withResult) found.push(...ofResult(own, "result", "This node’s result", help));
  found.push(...ofSchema(toolchain.input ?? {}, "input", "Input", null));
  for (const [name, key] of Object.entries(toolchain.state ?? {})) {
    const type = key.type === "any" ? typeNamed() : typeNamed(key.type);
    found.push({ path: `state.${name}`, type, group: "State", description: key.description ?? "", node: null });
  }
  for (const node of nodesBefore(toolchain, at)) found.push(...ofResult(node, `nodes.${node.id}`, titleOf(node), help));
  for (const holder of at === null ? [] : holdersOf(toolchain, at)) {
    const around = all.get(holder)?.node;
    if (!around) continue;
    const roots = around.kind === "map" ? ["item", "index"] : ["index", "last"];
    for (const path of roots) {
      const type = path === "index" ? typeNamed("integer") : typeNamed();
      found.push({ path, type, group: titleOf(around), description: "", node: null });
    }
  }
  for (const name of RUN_FIELDS)
    found.push({ path: `run.${name}`, type: typeNamed("string"), group: "Run", description: "", node: null });
  const seen = new Set<string>();
  return found.filter(({ path }) => !seen.has(path) && seen.add(path));
}

/** The nodes that have ended when a node begins; at the end of the toolchain all of its own. */
function nodesBefore(toolchain: Toolchain, at: string | null): Node[] {
  if (at === null) return toolchain.nodes.filter(givesResult);
  const all = nodesById(toolchain);
  const nodes: Node[] = [];
  for (const id of [at, ...holdersOf(toolchain, at)]) {
    const part = partAt(toolchain, all.get(id)?.container ?? null);
    if (!part) continue;
    const before = ancestorsOf(waysOf(part)).get(id) ?? new Set();
    nodes.push(...part.nodes.filter((node) => before.has(node.id) && givesResult(node)));
  }
  return nodes;
}

function ofResult(node: Node, path: string, group: string, help: Help): Referable[] {
  const whole = { path, type: typeOfResult(node, [], help), group, description: "The whole result.", node: node.id };
  const schema = node.kind === "map" ? null : resultSchema(node, help);
  return schema ? [whole, ...ofSchema(schema, path, group, node.id)] : [whole];
}

// Deeper than this people write the path themselves.
const DEEPEST = 2;

function ofSchema(
  schema: JsonObject,
  path: string,
  group: string,
  node: string | null,
  whole = schema,
  depth = 0,
): Referable[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).flatMap(([name, given]) => {
    const property = resolved(given, whole);
    const here = `${path}.${name}`;
    const words = property["description"] ?? property["title"];
    const description = typeof words === "string" ? words : "";
    const one = { path: here, type: typeOfSchema(property, whole), group, description, node };
    return depth + 1 < DEEPEST ? [one, ...ofSchema(property, here, group, node, whole, depth + 1)] : [one];
  });
}
