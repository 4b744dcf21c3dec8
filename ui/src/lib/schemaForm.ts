/**
 * A form for a toolchain's input from its JSON Schema: text, numbers, switches, choices and lists of texts get a field of
 * their own, everything else is typed as JSON. What is left empty is left out, so that the schema's defaults apply. Pure.
 */
import { isObject, type JsonObject, readJson } from "./json";

export type FieldKind = "line" | "text" | "number" | "integer" | "switch" | "choice" | "texts" | "json";

export interface Field {
  name: string;
  kind: FieldKind;
  title: string;
  description: string;
  required: boolean;
  /** For a choice: what may be chosen, as it is shown and as it is sent. */
  choices: { label: string; value: unknown }[];
  minimum: number | null;
  maximum: number | null;
  /** What the field shows at first. */
  initial: Draft;
}

/** What a field holds while it is edited. A choice holds its label. */
export type Draft = string | boolean | string[];
export type Drafts = Record<string, Draft>;

// Longer texts than this are written in several lines.
const LONGEST_LINE = 200;

/** The fields of a schema's properties; none when it has no properties. */
export function fieldsOf(schema: JsonObject | undefined): Field[] {
  const properties = schema?.["properties"];
  if (!isObject(properties)) return [];
  const required = Array.isArray(schema?.["required"]) ? schema["required"] : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isObject(property) ? property : {}, required.includes(name)),
  );
}

function fieldOf(name: string, property: JsonObject, required: boolean): Field {
  const kind = kindOf(property);
  const choices = Array.isArray(property["enum"])
    ? property["enum"].map((value: unknown) => ({
        label: typeof value === "string" ? value : JSON.stringify(value),
        value,
      }))
    : [];
  const number = (key: string) => (typeof property[key] === "number" ? property[key] : null);
  return {
    name,
    kind,
    title: typeof property["title"] === "string" ? property["title"] : inWords(name),
    description: typeof property["description"] === "string" ? property["description"] : "",
    required,
    choices,
    minimum: number("minimum"),
    maximum: number("maximum"),
    initial: initialOf(kind, property["default"], choices),
  };
}

function inWords(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `["string", "null"]` counts as a text that may be left empty. */
function typeOf(schema: JsonObject): string | null {
  const types = [schema["type"]].flat().filter((type) => type !== "null");
  return types.length === 1 && typeof types[0] === "string" ? types[0] : null;
}

function kindOf(property: JsonObject): FieldKind {
  if (Array.isArray(property["enum"])) return "choice";
  switch (typeOf(property)) {
    case "string": {
      const longest = property["maxLength"];
      return typeof longest === "number" && longest > LONGEST_LINE ? "text" : "line";
    }
    case "number":
      return "number";
    case "integer":
      return "integer";
    case "boolean":
      return "switch";
    case "array":
      return isObject(property["items"]) && typeOf(property["items"]) === "string" ? "texts" : "json";
    case null:
    default:
      return "json";
  }
}

function initialOf(kind: FieldKind, value: unknown, choices: Field["choices"]): Draft {
  switch (kind) {
    case "switch":
      return value === true;
    case "texts":
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    case "choice":
      return choices.find((choice) => choice.value === value)?.label ?? "";
    case "number":
    case "integer":
      return typeof value === "number" ? String(value) : "";
    case "line":
    case "text":
      return typeof value === "string" ? value : "";
    case "json":
      return value === undefined || value === null ? "" : JSON.stringify(value);
  }
}

export function initialDrafts(fields: readonly Field[]): Drafts {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]));
}

/** The input that the drafts make, and what is wrong with each of them, by field name. */
export function readDrafts(
  fields: readonly Field[],
  drafts: Drafts,
): { input: JsonObject; faults: Record<string, string> } {
  const input: JsonObject = {};
  const faults: Record<string, string> = {};
  for (const field of fields) {
    const { value, fault } = readDraft(field, drafts[field.name] ?? field.initial);
    if (fault !== null) faults[field.name] = fault;
    else if (value !== undefined) input[field.name] = value;
    else if (field.required) faults[field.name] = "This is needed.";
  }
  return { input, faults };
}

interface Reading {
  /** Undefined: left out. */
  value?: unknown;
  fault: string | null;
}

function readDraft(field: Field, draft: Draft): Reading {
  if (typeof draft === "boolean") return { value: draft, fault: null };
  if (typeof draft !== "string") {
    return draft.length === 0 && !field.required ? { fault: null } : { value: draft, fault: null };
  }
  if (draft.trim() === "") return { fault: null };
  switch (field.kind) {
    case "number":
    case "integer":
      return readNumber(field, draft);
    case "choice":
      return { value: field.choices.find(({ label }) => label === draft)?.value, fault: null };
    case "json":
      return readJson(draft);
    case "line":
    case "text":
    case "texts":
    case "switch":
      return { value: draft, fault: null };
  }
}

function readNumber({ kind, minimum, maximum }: Field, draft: string): Reading {
  const value = Number(draft);
  if (!Number.isFinite(value)) return { fault: "This is not a number." };
  if (kind === "integer" && !Number.isInteger(value)) return { fault: "This must be a whole number." };
  if (minimum !== null && value < minimum) return { fault: `This must be at least ${minimum}.` };
  if (maximum !== null && value > maximum) return { fault: `This must be at most ${maximum}.` };
  return { value, fault: null };
}
