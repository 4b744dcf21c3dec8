/** The values of a page: literals, references and templates, looked up in what the page knows. Pure. */
import { isObject, type JsonObject } from "./json";

/** What references are looked up in, by their roots: `state`, `input`, `output`, `session`, `run`, in actions `event`. */
export type PageScope = JsonObject;

const MARKS = ["ref", "template", "literal"];
const PLACE = /\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/g;

function markOf(value: unknown): string | null {
  if (!isObject(value)) return null;
  const [key = "", ...others] = Object.keys(value);
  return others.length === 0 && MARKS.includes(key) ? key : null;
}

/** What a value is now; undefined where nothing is at a reference. */
export function valueOf(value: unknown, scope: PageScope): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => valueOf(item, scope) ?? null);
  if (!isObject(value)) return value;
  const mark = markOf(value);
  if (mark === "literal") return value["literal"];
  if (mark === "ref") return lookUp(String(value["ref"]), scope);
  if (mark === "template") {
    return String(value["template"]).replace(PLACE, (_, path: string) => asText(lookUp(path, scope)));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueOf(item, scope) ?? null]));
}

/** What is at a dotted path; numbers index lists, from the end when negative. */
export function lookUp(path: string, scope: unknown): unknown {
  let here: unknown = scope;
  for (const part of path.split(".")) {
    if (isObject(here)) here = Object.hasOwn(here, part) ? here[part] : undefined;
    else if (Array.isArray(here) && /^-?\d+$/.test(part)) here = here.at(Number(part)) as unknown;
    else return undefined;
  }
  return here;
}

/** A value as words: nothing for null, JSON for what is no text. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Whether a value is something: neither null, false, 0 nor empty. */
export function isSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** The state keys that a page shows, however deep in it they are referred to. */
export function stateKeysOf(page: unknown): string[] {
  const found = new Set<string>();
  const waiting = [page];
  while (waiting.length > 0) {
    const here = waiting.pop();
    if (Array.isArray(here)) waiting.push(...(here as unknown[]));
    if (!isObject(here)) continue;
    const { ref, template } = here;
    const paths = typeof ref === "string" ? [ref] : [];
    if (typeof template === "string") for (const [, path = ""] of template.matchAll(PLACE)) paths.push(path);
    for (const path of paths) {
      const [root, key] = path.split(".");
      if (root === "state" && key !== undefined) found.add(key);
    }
    waiting.push(...Object.values(here));
  }
  return [...found].sort();
}

/** The defaults that a schema gives to the fields of an object. */
export function defaultsOf(schema: JsonObject): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      isObject(property) && property["default"] !== undefined ? [[name, property["default"]]] : [],
    ),
  );
}

/** The same object with one more key, or without it where the value is undefined. */
export function withKey(values: JsonObject, name: string, value: unknown): JsonObject {
  const others = Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
  return value === undefined ? others : { ...others, [name]: value };
}
