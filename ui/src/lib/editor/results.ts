/** What nodes take and give, as far as the schemas tell. Pure. */
import { givesResult } from "@/lib/flow";
import { isObject, type JsonObject } from "@/lib/json";
import type { Node } from "@/models";
import { ANY, type JsonType, resolved, typeAt, typeNamed, typeOfSchema } from "./jsonTypes";
import { NODE_KINDS } from "./nodeSchemas";

/** A function of the platform, as /api/help tells of it. */
export interface FunctionHelp {
  name: string;
  description: string;
  /** Whether a node may call it. */
  node: boolean;
  request: JsonObject;
  /** Null: its result is a file. */
  response: JsonObject | null;
}

/** By name. */
export type Help = ReadonlyMap<string, FunctionHelp>;

const CHAT: Record<string, string> = {
  text: "string",
  tool_calls: "array",
  steps: "array",
  finish_reason: "string",
  citations: "array",
  sources: "array",
  usage: "object",
};

/** The types of what results hold, where the kind alone tells them; the server knows the same ones. */
const RESULTS: Record<string, Record<string, string>> = {
  llm: CHAT,
  agent: CHAT,
  loop: { iterations: "integer", done: "boolean" },
  approval: { timed_out: "boolean" },
  wait: { timed_out: "boolean" },
  code: { printed: "string" },
  http: { status: "integer", headers: "object" },
};

/** The schema of a node's result; null where nobody knows more than its type. */
export function resultSchema(node: Node, help: Help): JsonObject | null {
  if (node.kind === "function") return help.get(node.function)?.response ?? null;
  const names = NODE_KINDS.get(node.kind)?.results ?? [];
  if (names.length === 0) return null;
  const types = RESULTS[node.kind] ?? {};
  const known = names.map((name): [string, JsonObject] => [name, types[name] ? { type: types[name] } : {}]);
  const properties = Object.fromEntries(known);
  if ((node.kind === "approval" || node.kind === "wait") && isObject(node.form)) properties["value"] = node.form;
  if ((node.kind === "llm" || node.kind === "agent") && isObject(node.answer_schema) && !isMarked(node.answer_schema))
    properties["data"] = node.answer_schema;
  return { type: "object", properties };
}

const isMarked = (value: JsonObject) =>
  Object.keys(value).length === 1 && ("ref" in value || "expr" in value || "literal" in value || "template" in value);

export function typeOfResult(node: Node, path: readonly string[], help: Help): JsonType {
  if (node.kind === "map") return path.length > 0 ? ANY : typeNamed("array");
  const schema = resultSchema(node, help);
  return schema === null ? ANY : typeAt(schema, path);
}

/** A place of a node for a value: a field of its own, or within `input` one of what it calls. */
export interface Port {
  /** The field's path within the node: `prompt`, `input.query`. */
  path: string;
  name: string;
  type: JsonType;
  required: boolean;
  description: string;
}

/** What fields of values take, where it is more than anything. */
const WANTED: Record<string, string> = {
  "llm.prompt": "string",
  "llm.messages": "array",
  "llm.cite": "array",
  "agent.prompt": "string",
  "agent.messages": "array",
  "agent.cite": "array",
  "map.over": "array",
  "http.url": "string",
};

const ports = new WeakMap<Node, { help: Help; given: readonly Port[]; taken: readonly Port[] }>();

function portsOf(node: Node, help: Help) {
  const known = ports.get(node);
  if (known?.help === help) return known;
  const made = { help, given: readOutputs(node, help), taken: readInputs(node, help) };
  ports.set(node, made);
  return made;
}

/** Where values can be put into a node; what it needs comes first. */
export function inputsOf(node: Node, help: Help): readonly Port[] {
  return portsOf(node, help).taken;
}

/** What a node's result holds. */
export function outputsOf(node: Node, help: Help): readonly Port[] {
  return portsOf(node, help).given;
}

function readInputs(node: Node, help: Help): Port[] {
  const own = (NODE_KINDS.get(node.kind)?.fields ?? [])
    // A body's result is about what is within, not about what comes from outside.
    .filter(({ name, isValue }) => isValue && name !== "result")
    .map(({ name, required, description }) => {
      const wanted = WANTED[`${node.kind}.${name}`];
      return { path: name, name, type: wanted ? typeNamed(wanted) : ANY, required, description };
    });
  const request = node.kind === "function" ? help.get(node.function)?.request : undefined;
  const within = request ? portsOfSchema(request, "input.") : portsOfValues("input" in node ? node.input : undefined);
  return [...own, ...within].sort((a, b) => Number(b.required) - Number(a.required));
}

function portsOfValues(values: unknown): Port[] {
  if (!isObject(values)) return [];
  return Object.keys(values).map((name) => ({
    path: `input.${name}`,
    name,
    type: ANY,
    required: false,
    description: "",
  }));
}

function readOutputs(node: Node, help: Help): Port[] {
  if (node.kind === "branch" || !givesResult(node)) return [];
  const schema = resultSchema(node, help);
  const fields = schema ? portsOfSchema(schema, "") : [];
  if (fields.length > 0) return fields;
  return [{ path: "", name: "result", type: typeOfResult(node, [], help), required: false, description: "" }];
}

export function portsOfSchema(schema: JsonObject, prefix: string): Port[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, property]) => {
    const part = resolved(property, schema);
    const description = typeof part["description"] === "string" ? part["description"] : "";
    return {
      path: `${prefix}${name}`,
      name,
      type: typeOfSchema(part, schema),
      required: required.includes(name),
      description,
    };
  });
}
