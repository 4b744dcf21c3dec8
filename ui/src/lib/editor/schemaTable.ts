/** An object's JSON Schema as a table of its properties; what the table has no column for stays as it is. Pure. */
import { isObject, type JsonObject, keyed } from "@/lib/json";

export interface SchemaRow {
  name: string;
  /** One of `TYPES`; `other`: more than the table shows, edited as JSON. */
  type: string;
  /** Null may stand there, too. */
  nullable: boolean;
  required: boolean;
  title: string;
  description: string;
  schema: JsonObject;
}

export const TYPES = ["string", "integer", "number", "boolean", "array", "object", "any"] as const;

export function rowsOf(schema: JsonObject): SchemaRow[] {
  const required: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).map(([name, given]) => {
    const property = isObject(given) ? given : {};
    const types: unknown[] = [property["type"] ?? []].flat();
    const plain = types.filter((type) => type !== "null");
    const [only] = plain;
    const type = plain.length === 0 ? "any" : plain.length === 1 && typeof only === "string" ? only : "other";
    return {
      name,
      type: type === "any" && ("anyOf" in property || "oneOf" in property || "$ref" in property) ? "other" : type,
      nullable: types.includes("null"),
      required: required.includes(name),
      title: textOf(property["title"]),
      description: textOf(property["description"]),
      schema: property,
    };
  });
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** The schema with something of one property changed. */
export function withRow(schema: JsonObject, name: string, change: Partial<Omit<SchemaRow, "schema">>): JsonObject {
  const row = rowsOf(schema).find((one) => one.name === name);
  if (!row) return schema;
  const next = { ...row, ...change };
  const property: JsonObject = { ...row.schema };
  if ("type" in change || "nullable" in change) {
    if (next.type === "any") delete property["type"];
    else if (next.type !== "other") property["type"] = next.nullable ? [next.type, "null"] : next.type;
  }
  if ("title" in change) property["title"] = next.title || undefined;
  if ("description" in change) property["description"] = next.description || undefined;
  const properties = keyed({ ...(schema["properties"] as JsonObject), [name]: property }, name, next.name);
  const before: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const others = before.filter((one) => one !== name);
  const required = !next.required
    ? others
    : row.required
      ? before.map((one) => (one === name ? next.name : one))
      : [...others, next.name];
  return withRequired({ ...schema, properties }, required);
}

export function withoutRow(schema: JsonObject, name: string): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const left = Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name));
  const required: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  return withRequired(
    { ...schema, properties: left },
    required.filter((one) => one !== name),
  );
}

export function withNewRow(schema: JsonObject): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return {
    type: "object",
    ...schema,
    properties: { ...properties, [freshName(properties, "field")]: { type: "string" } },
  };
}

/** A name that is not there yet. */
export function freshName(object: object, wanted: string): string {
  let name = wanted;
  for (let number = 2; Object.hasOwn(object, name); number++) name = `${wanted}_${number}`;
  return name;
}

function withRequired(schema: JsonObject, required: readonly unknown[]): JsonObject {
  const rest = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "required"));
  return required.length > 0 ? { ...rest, required } : rest;
}
