/**
 * A form from a JSON Schema: text, numbers, switches, choices, lists of texts and nested objects get fields of their own,
 * everything else is typed as JSON. What is left empty is left out, so that the schema's defaults apply. Pure.
 */
import { nameInWords } from "./format";
import { isObject, type JsonObject, readJson } from "./json";

export type FieldKind =
  "line" | "text" | "number" | "integer" | "switch" | "choice" | "choices" | "texts" | "json" | "group";

export interface Field {
  name: string;
  /** Names from the root, joined by dots; empty for a form's one value. */
  path: string;
  kind: FieldKind;
  title: string;
  description: string;
  required: boolean;
  /** For choices: what may be chosen, as it is shown and as it is sent. */
  choices: { label: string; value: unknown }[];
  minimum: number | null;
  maximum: number | null;
  /** The fields of a group. */
  fields: Field[];
  /** What the field shows at first. */
  initial: Draft;
}

/** What a field holds while it is edited. Choices hold labels. */
export type Draft = string | boolean | string[];
/** By path. */
export type Drafts = Record<string, Draft>;

// Longer texts than this are written in several lines.
const LONGEST_LINE = 200;
// Deeper than this a form is harder to read than JSON.
const DEEPEST = 4;

/**
 * The form of a schema: its root is a group where it is an object with properties, else a field that is the whole value.
 * @param begin what it is filled in with at first, in the place of the schema's defaults
 */
export function formOf(schema: JsonObject | null | undefined, begin?: unknown): Field {
  return fieldOf("", "", schema ?? {}, true, { root: schema ?? {}, depth: 0, begin });
}

/** The fields that a form shows: those of an object, or the one that is the whole value. */
export function fieldsOf(form: Field): Field[] {
  return form.kind === "group" ? form.fields : [form];
}

interface Around {
  root: JsonObject;
  depth: number;
  /** The value to begin with; undefined: the schema's default. */
  begin: unknown;
}

function fieldOf(name: string, path: string, given: JsonObject, required: boolean, around: Around): Field {
  const property = resolved(given, around.root);
  const kind = kindOf(property, around.depth);
  const number = (key: string) => (typeof property[key] === "number" ? property[key] : null);
  const choices = choicesOf(kind === "choices" && isObject(property["items"]) ? property["items"] : property);
  const begin = around.begin === undefined ? property["default"] : around.begin;
  return {
    name,
    path,
    kind,
    title: typeof property["title"] === "string" ? property["title"] : nameInWords(name),
    description: typeof property["description"] === "string" ? property["description"] : "",
    required,
    choices,
    minimum: number("minimum"),
    maximum: number("maximum"),
    fields: kind === "group" ? groupFields(property, path, { ...around, begin }) : [],
    initial: initialOf(kind, begin, choices),
  };
}

function groupFields(schema: JsonObject, path: string, around: Around): Field[] {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, path === "" ? name : `${path}.${name}`, isObject(property) ? property : {}, required.includes(name), {
      root: around.root,
      depth: around.depth + 1,
      begin: isObject(around.begin) ? around.begin[name] : undefined,
    }),
  );
}

/** The schema that a `$ref` within the same document leads to; words beside it stay. */
function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  let found = schema;
  for (let hops = 0; hops < 8 && typeof found["$ref"] === "string"; hops++) {
    const { $ref: reference, ...beside } = found as JsonObject & { $ref: string };
    if (!reference.startsWith("#/")) return beside;
    let target: unknown = root;
    for (const part of reference.slice(2).split("/")) {
      target = isObject(target) ? target[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
    }
    if (!isObject(target)) return beside;
    found = { ...target, ...beside };
  }
  return withoutNull(found, root);
}

/** `anyOf: [X, null]` counts as an X that may be left empty. */
function withoutNull(schema: JsonObject, root: JsonObject): JsonObject {
  const { anyOf, ...beside } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const others = anyOf.filter((one) => isObject(one) && one["type"] !== "null");
  const only: unknown = others[0];
  if (others.length !== 1 || anyOf.length !== 2 || !isObject(only)) return schema;
  return { ...resolved(only, root), ...beside };
}

/** `["string", "null"]` counts as a text that may be left empty. */
function typeOf(schema: JsonObject): string | null {
  const types = [schema["type"]].flat().filter((type) => type !== "null");
  return types.length === 1 && typeof types[0] === "string" ? types[0] : null;
}

/** The values of an `enum`, or of a `oneOf` of constants with titles. */
function choicesOf(property: JsonObject): Field["choices"] {
  const label = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  if (Array.isArray(property["enum"])) {
    return property["enum"].filter((value) => value !== null).map((value: unknown) => ({ label: label(value), value }));
  }
  const options: unknown[] = Array.isArray(property["oneOf"]) ? property["oneOf"] : [];
  const constants = options.flatMap((option) => (isObject(option) && "const" in option ? [option] : []));
  if (constants.length === 0 || constants.length < options.length) return [];
  return constants.map(({ const: value, title }) => ({
    label: typeof title === "string" ? title : label(value),
    value,
  }));
}

function kindOf(property: JsonObject, depth: number): FieldKind {
  if (choicesOf(property).length > 0) return "choice";
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
    case "array": {
      const items = property["items"];
      if (!isObject(items)) return "json";
      if (choicesOf(items).length > 0) return "choices";
      return typeOf(items) === "string" ? "texts" : "json";
    }
    case "object": {
      const properties = property["properties"];
      return depth < DEEPEST && isObject(properties) && Object.keys(properties).length > 0 ? "group" : "json";
    }
    case null:
      // A schema may leave out that it is of an object.
      return depth === 0 && isObject(property["properties"]) && Object.keys(property["properties"]).length > 0
        ? "group"
        : "json";
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
    case "choices":
      return choices.filter((choice) => Array.isArray(value) && value.includes(choice.value)).map(({ label }) => label);
    case "choice":
      return choices.find((choice) => choice.value === value)?.label ?? "";
    case "number":
    case "integer":
      return typeof value === "number" ? String(value) : "";
    case "line":
    case "text":
      return typeof value === "string" ? value : "";
    case "json":
      return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
    case "group":
      return "";
  }
}

export function initialDrafts(form: Field): Drafts {
  const inner = form.fields.map(initialDrafts);
  return Object.assign(form.kind === "group" ? {} : { [form.path]: form.initial }, ...inner) as Drafts;
}

/** The value that the drafts make, and what is wrong with each of them, by path. */
export function readForm(form: Field, drafts: Drafts): { value: unknown; faults: Record<string, string> } {
  const faults: Record<string, string> = {};
  return { value: readField(form, drafts, faults), faults };
}

/** Undefined: left out. */
function readField(field: Field, drafts: Drafts, faults: Record<string, string>): unknown {
  if (field.kind === "group") {
    // What nobody touched need not be there, though its switches would say no.
    if (!field.required && isUntouched(field, drafts)) return undefined;
    const value: JsonObject = {};
    for (const inner of field.fields) {
      const held = readField(inner, drafts, faults);
      if (held !== undefined) value[inner.name] = held;
    }
    return value;
  }
  const { value, fault } = readDraft(field, drafts[field.path] ?? field.initial);
  if (fault !== null) faults[field.path] = fault;
  else if (value === undefined && field.required && field.path !== "") faults[field.path] = "This is needed.";
  return value;
}

function isUntouched(field: Field, drafts: Drafts): boolean {
  if (field.kind === "group") return field.fields.every((inner) => isUntouched(inner, drafts));
  const draft = drafts[field.path] ?? field.initial;
  const empty = draft === "" || draft === false || (Array.isArray(draft) && draft.length === 0);
  return empty && String(draft) === String(field.initial);
}

interface Reading {
  /** Undefined: left out. */
  value?: unknown;
  fault: string | null;
}

function readDraft(field: Field, draft: Draft): Reading {
  if (typeof draft === "boolean") return { value: draft, fault: null };
  if (typeof draft !== "string") {
    if (draft.length === 0 && !field.required) return { fault: null };
    return { value: field.kind === "choices" ? draft.map((label) => chosen(field, label)) : draft, fault: null };
  }
  if (draft.trim() === "") return { fault: null };
  switch (field.kind) {
    case "number":
    case "integer":
      return readNumber(field, draft);
    case "choice":
      return { value: chosen(field, draft), fault: null };
    case "json":
      return readJson(draft);
    case "line":
    case "text":
    case "texts":
    case "choices":
    case "switch":
    case "group":
      return { value: draft, fault: null };
  }
}

function chosen(field: Field, label: string): unknown {
  return field.choices.find((choice) => choice.label === label)?.value;
}

function readNumber({ kind, minimum, maximum }: Field, draft: string): Reading {
  const value = Number(draft);
  if (!Number.isFinite(value)) return { fault: "This is not a number." };
  if (kind === "integer" && !Number.isInteger(value)) return { fault: "This must be a whole number." };
  if (minimum !== null && value < minimum) return { fault: `This must be at least ${minimum}.` };
  if (maximum !== null && value > maximum) return { fault: `This must be at most ${maximum}.` };
  return { value, fault: null };
}
