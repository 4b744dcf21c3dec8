/** The kinds of nodes as `schemas/toolchain.yaml` describes them: a kind that is new there is known here. Pure. */
import { isObject, type JsonObject } from "@/lib/json";
import document from "@/models/toolchain.schema.json";

export interface NodeField {
  name: string;
  schema: JsonObject;
  description: string;
  required: boolean;
  /** Holds a value of the toolchain language: a literal, a reference, a template or an expression. */
  isValue: boolean;
  /** Holds an expression. */
  isExpression: boolean;
}

export interface NodeKind {
  kind: string;
  /** What nodes of this kind do. */
  summary: string;
  /** The names of what a result holds, where the description tells them. */
  results: readonly string[];
  fields: readonly NodeField[];
}

const DEFINITIONS = document.$defs as unknown as Record<string, JsonObject>;

/** The definition that a reference names. */
export function definitionOf(reference: unknown): JsonObject {
  const name = typeof reference === "string" ? reference.replace(/^#\/\$defs\//, "") : "";
  return DEFINITIONS[name] ?? {};
}

const isRefTo = (schema: JsonObject, name: string) => schema["$ref"] === `#/$defs/${name}`;

function isOptionalRefTo(schema: JsonObject, name: string): boolean {
  if (isRefTo(schema, name)) return true;
  return Array.isArray(schema["anyOf"]) && schema["anyOf"].some((option) => isObject(option) && isRefTo(option, name));
}

/** The fields of a definition, those of what it builds upon first. */
export function fieldsOfDefinition(definition: JsonObject): NodeField[] {
  const fields = new Map<string, NodeField>();
  const required = new Set<string>();
  function gather(part: JsonObject) {
    if (typeof part["$ref"] === "string") gather(definitionOf(part["$ref"]));
    if (Array.isArray(part["allOf"])) for (const one of part["allOf"]) if (isObject(one)) gather(one);
    if (Array.isArray(part["required"])) for (const name of part["required"]) required.add(String(name));
    if (!isObject(part["properties"])) return;
    for (const [name, schema] of Object.entries(part["properties"])) {
      if (!isObject(schema)) continue;
      fields.set(name, {
        name,
        schema,
        description: typeof schema["description"] === "string" ? schema["description"] : "",
        required: false,
        isValue: isRefTo(schema, "Value"),
        isExpression: isOptionalRefTo(schema, "Expression"),
      });
    }
  }
  gather(definition);
  return [...fields.values()].map((field) => ({ ...field, required: required.has(field.name) }));
}

function readKinds(): Map<string, NodeKind> {
  const kinds = new Map<string, NodeKind>();
  const options = DEFINITIONS["Node"]?.["oneOf"];
  for (const option of Array.isArray(options) ? options : []) {
    const definition = definitionOf(isObject(option) ? option["$ref"] : undefined);
    const fields = fieldsOfDefinition(definition);
    const kind = fields.find(({ name }) => name === "kind")?.schema["const"];
    if (typeof kind !== "string") continue;
    const summary = typeof definition["description"] === "string" ? definition["description"] : "";
    const results = /`result` is `\{([^}]*)\}`/.exec(summary)?.[1] ?? "";
    kinds.set(kind, {
      kind,
      summary,
      results: results.split(",").flatMap((name) => (name.trim() ? [name.trim()] : [])),
      fields,
    });
  }
  return kinds;
}

export const NODE_KINDS: ReadonlyMap<string, NodeKind> = readKinds();

/** The fields of a kind by name. */
export function fieldOf(kind: string, name: string): NodeField | null {
  return NODE_KINDS.get(kind)?.fields.find((field) => field.name === name) ?? null;
}
