/** What can be added to a toolchain: every kind of nodes, every function, every other toolchain. Pure. */
import { nameInWords } from "@/lib/format";
import { isObject, type JsonObject } from "@/lib/json";
import type { Node, ToolchainSummary } from "@/models";
import { definitionOf, fieldsOfDefinition, NODE_KINDS } from "./nodeSchemas";
import type { FunctionHelp } from "./results";

export interface PaletteItem {
  id: string;
  group: "Steps" | "Functions" | "Toolchains";
  kind: string;
  title: string;
  summary: string;
  /** What it is found by, beside its title. */
  words: string;
  /** The node without its id. */
  node: JsonObject;
}

const firstSentence = (text: string) => /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, ".") ?? text;

export function paletteOf(
  functions: Iterable<FunctionHelp>,
  toolchains: readonly ToolchainSummary[],
  labelOf: (kind: string) => string,
): PaletteItem[] {
  const steps = [...NODE_KINDS.values()]
    .filter(({ kind }) => kind !== "function" && kind !== "subchain")
    .map(({ kind, summary }): PaletteItem => ({
      id: kind,
      group: "Steps",
      kind,
      title: labelOf(kind),
      summary: firstSentence(summary.replace(/;? ?`result` is .*/s, ".").replace(/\.\.$/, ".")),
      words: `${kind} ${summary}`,
      node: beginningOf(kind),
    }));
  const calls = [...functions]
    .filter(({ node }) => node)
    .map(({ name, description }): PaletteItem => ({
      id: `function:${name}`,
      group: "Functions",
      kind: "function",
      title: nameInWords(name),
      summary: firstSentence(description),
      words: `${name} ${description}`,
      node: { ...beginningOf("function"), function: name },
    }))
    .sort((a, b) => a.title.localeCompare(b.title));
  const subchains = toolchains.map(({ id, title, description }): PaletteItem => ({
    id: `toolchain:${id}`,
    group: "Toolchains",
    kind: "subchain",
    title,
    summary: firstSentence(description),
    words: `${id} subchain ${description}`,
    node: { ...beginningOf("subchain"), toolchain: id },
  }));
  return [...steps, ...calls, ...subchains];
}

/** Those that hold every word of the query; in titles before in what is said of them. */
export function found<T extends { title: string; words: string }>(items: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = ({ title, words: said }: T) => {
    const name = title.toLowerCase();
    const all = `${name} ${said.toLowerCase()}`;
    if (!words.every((word) => all.includes(word))) return null;
    return name.startsWith(words[0] ?? "") ? 0 : words.every((word) => name.includes(word)) ? 1 : 2;
  };
  return items
    .map((item) => ({ item, at: rank(item) }))
    .filter(({ at }) => at !== null)
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .map(({ item }) => item);
}

/** What a node of a kind begins with beside what its schema needs, so that there is something to go on from. */
const BEGINNINGS: Record<string, JsonObject> = {
  llm: { prompt: "" },
  agent: { prompt: "" },
  branch: { cases: [{ when: { "==": ["", ""] }, to: "" }], else: "" },
  loop: { max_iterations: 10, until: { "==": [{ ref: "index" }, 2] } },
  map: { over: [] },
  update: { changes: [{ op: "set", path: "", value: "" }] },
  wait: { seconds: 60 },
  code: { code: "1 + 1" },
  http: { url: "https://" },
  emit: { event: "state", data: "" },
};

function beginningOf(kind: string): JsonObject {
  const needed = (NODE_KINDS.get(kind)?.fields ?? []).filter(({ name, required }) => required && name !== "id");
  const made = Object.fromEntries(needed.map(({ name, schema }) => [name, exampleOf(schema)]));
  return { ...made, ...BEGINNINGS[kind], kind };
}

/** The least value of a schema that can be drawn and edited. */
export function exampleOf(schema: JsonObject): unknown {
  if ("const" in schema) return schema["const"];
  if ("default" in schema) return schema["default"];
  if (typeof schema["$ref"] === "string") {
    const definition = definitionOf(schema["$ref"]);
    const needed = fieldsOfDefinition(definition).filter(({ required }) => required);
    if (needed.length > 0) return Object.fromEntries(needed.map((field) => [field.name, exampleOf(field.schema)]));
    return schema["$ref"].endsWith("/Expression")
      ? { "==": ["", ""] }
      : definition["type"]
        ? exampleOf(definition)
        : null;
  }
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  switch ([schema["type"]].flat()[0]) {
    case "string":
      return "";
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return null;
  }
}

/** A node of the palette under a name of its own. */
export function nodeOf({ node, kind }: PaletteItem, id: string): Node {
  return { id, kind, ...structuredClone(node) } as unknown as Node;
}

/** What the id of a node made of an item begins as. */
export function nameOf({ node, kind }: PaletteItem): string {
  const called = node["function"] ?? node["toolchain"];
  return typeof called === "string" && isObject(node) ? called.replaceAll("-", "_") : kind;
}
