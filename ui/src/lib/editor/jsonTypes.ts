/** JSON types as far as schemas tell them, as the server's check sees them. Pure. */
import { isObject, type JsonObject } from "@/lib/json";

/** JSON Schema's names of types; empty: not known. */
export type JsonType = ReadonlySet<string>;

export const ANY: JsonType = new Set();

export const typeNamed = (...names: string[]): JsonType => new Set(names);

/** Whether a value of one type may be one of another; what is not known may be anything. */
export function fits(given: JsonType, wanted: JsonType): boolean {
  if (given.size === 0 || wanted.size === 0) return true;
  return [...given].some((name) => wanted.has(name)) || (given.has("integer") && wanted.has("number"));
}

const WORDS: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "yes or no",
  array: "a list",
  object: "an object",
  null: "nothing",
};

export function typeInWords(type: JsonType): string {
  if (type.size === 0) return "anything";
  return [...type]
    .sort((a, b) => Number(a === "null") - Number(b === "null"))
    .map((name) => WORDS[name] ?? name)
    .join(" or ");
}

/** How a type looks on the canvas: of several, the one beside null; `any` where more than one is left, or nobody knows. */
export function lookOf(type: JsonType): string {
  const names = [...type].filter((name) => name !== "null");
  const [only] = names;
  if (names.length !== 1 || only === undefined) return type.has("number") && type.has("integer") ? "number" : "any";
  return only === "integer" ? "number" : only;
}

/** The schema that a `$ref` within the same document leads to; an empty one where it leads nowhere. */
export function resolved(part: unknown, whole: JsonObject): JsonObject {
  let here = part;
  for (let hops = 0; hops < 8; hops++) {
    if (!isObject(here)) return {};
    const reference = here["$ref"];
    if (typeof reference !== "string") return here;
    const definitions = isObject(whole["$defs"]) ? whole["$defs"] : {};
    const name = reference.replace(/^#\/\$defs\//, "");
    here = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  }
  return {};
}

export function typeOfSchema(schema: JsonObject, whole: JsonObject = schema): JsonType {
  const { type, anyOf } = schema;
  if (typeof type === "string") return typeNamed(type);
  if (Array.isArray(type)) return typeNamed(...type.filter((name) => typeof name === "string"));
  if (!Array.isArray(anyOf)) return ANY;
  const options = anyOf.map((option) => typeOfSchema(resolved(option, whole), whole));
  return options.every(({ size }) => size > 0) ? typeNamed(...options.flatMap((option) => [...option])) : ANY;
}

/** The schema of what is at a path; null where nobody knows it. */
export function schemaAt(schema: JsonObject, path: readonly string[]): JsonObject | null {
  let here = resolved(schema, schema);
  for (const part of path) {
    const index = /^-?\d+$/.test(part);
    const properties = isObject(here["properties"]) ? here["properties"] : {};
    const next = index ? here["items"] : Object.hasOwn(properties, part) ? properties[part] : undefined;
    if (!isObject(next)) return null;
    here = plain(resolved(next, schema), schema);
  }
  return here;
}

/** Of a schema that allows null beside something, the something. */
function plain(schema: JsonObject, whole: JsonObject): JsonObject {
  if (!Array.isArray(schema["anyOf"])) return schema;
  const options = schema["anyOf"].map((option) => resolved(option, whole)).filter(({ type }) => type !== "null");
  return options.length === 1 && options[0] ? options[0] : schema;
}

export function typeAt(schema: JsonObject, path: readonly string[]): JsonType {
  let here = resolved(schema, schema);
  for (const part of path) {
    const next = schemaAt({ ...here, $defs: schema["$defs"] }, [part]);
    if (next === null) return ANY;
    const properties = isObject(here["properties"]) ? here["properties"] : {};
    if (part === path.at(-1)) {
      const last = /^-?\d+$/.test(part) ? here["items"] : properties[part];
      return typeOfSchema(resolved(last, schema), schema);
    }
    here = next;
  }
  return typeOfSchema(here, schema);
}
