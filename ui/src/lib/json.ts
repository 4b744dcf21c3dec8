import { faultOfJson } from "./jsonFault";

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value holds in a few words, for where it is folded: `3 items`, `{query, limit}`, a long text's beginning. */
export function summary(value: unknown, longest = 80): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (isObject(value)) {
    const keys = Object.keys(value);
    const shown = keys.slice(0, 4).join(", ");
    return `{${shown}${keys.length > 4 ? ", …" : ""}}`;
  }
  if (typeof value === "string") return value.length > longest ? `${value.slice(0, longest)}…` : value;
  return String(value);
}

/** The object with one key under another name, in its old place. */
export function keyed<T>(object: Readonly<Record<string, T>>, key: string, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([one, value]) => [one === key ? name : one, value]));
}

/** The JSON of a text, or why it is not JSON, in words with the line. */
export function readJson(text: string): { value: unknown; fault: null } | { value: null; fault: string } {
  try {
    return { value: JSON.parse(text) as unknown, fault: null };
  } catch {
    return { value: null, fault: faultOfJson(text) };
  }
}

/** Whether two values say the same as JSON; the order of an object's keys says nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}
