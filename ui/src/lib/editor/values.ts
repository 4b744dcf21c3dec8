/** The values of the toolchain language, and the places in them where other things are named. Pure. */
import { isObject, type JsonObject } from "@/lib/json";

export type Mark = "ref" | "template" | "expr" | "literal";

const MARKS: ReadonlySet<string> = new Set<Mark>(["ref", "template", "expr", "literal"]);

/** What a value is marked as; null: JSON as it stands. */
export function markOf(value: unknown): Mark | null {
  if (!isObject(value)) return null;
  const [key, ...more] = Object.keys(value);
  return key !== undefined && more.length === 0 && MARKS.has(key) ? (key as Mark) : null;
}

/** A reference in a template. */
export const PLACE = /\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/g;

/** Every path that a value refers to, wherever in it. */
export function referencesIn(value: unknown): string[] {
  const found = new Set<string>();
  visit(value, found);
  return [...found];
}

function visit(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) visit(item, found);
  if (!isObject(value)) return;
  const mark = markOf(value);
  if (mark === "literal") return;
  if (mark === "ref") found.add(String(value["ref"]));
  else if (mark === "template") for (const [, path] of String(value["template"]).matchAll(PLACE)) found.add(path ?? "");
  else for (const item of Object.values(value)) visit(item, found);
}

/** A value with every path in it changed, wherever it refers; the value itself where none is. */
export function withReferences(value: unknown, change: (path: string) => string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => withReferences(item, change));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const mark = markOf(value);
  if (mark === "literal") return value;
  if (mark === "ref") return changedText(value, "ref", change(String(value["ref"])));
  if (mark === "template") {
    const text = String(value["template"]);
    return changedText(
      value,
      "template",
      text.replace(PLACE, (place: string, path: string) => place.replace(path, () => change(path))),
    );
  }
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, withReferences(item, change)]);
  return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
}

function changedText(value: JsonObject, key: string, text: string): JsonObject {
  return value[key] === text ? value : { [key]: text };
}

/** What is at a path of names joined by dots; undefined where nothing is. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const part of path === "" ? [] : path.split(".")) {
    if (Array.isArray(here)) here = here.at(Number(part));
    else if (isObject(here) && Object.hasOwn(here, part)) here = here[part];
    else return undefined;
  }
  return here;
}

/** A copy with something at a path, objects made on the way; undefined takes away what is there. */
export function withValueAt<T extends object>(whole: T, path: string, value: unknown): T {
  const [name = "", ...rest] = path.split(".");
  const here = whole as JsonObject;
  const next = rest.length === 0 ? value : withValueAt(isObject(here[name]) ? here[name] : {}, rest.join("."), value);
  if (next !== undefined) return { ...whole, [name]: next };
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)) as T;
}
