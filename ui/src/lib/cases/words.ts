/** Test cases of toolchains in words, and as they are typed. Pure. */
import { valueInWords } from "@/lib/expression";
import { isObject } from "@/lib/json";
import type { Check } from "@/models";

export type CheckKind = Check["kind"];

export const CHECK_KINDS: Record<CheckKind, { label: string; about: string }> = {
  equals: { label: "Equals", about: "It is this value." },
  contains: { label: "Contains", about: "A text with this in it, or a list with such an element." },
  schema: { label: "Fits a schema", about: "It fits a JSON Schema." },
  similar: { label: "Means the same", about: "Its vector is near to that of this text." },
  judged: { label: "Judged by a model", about: "A chat model says yes to a question about it." },
};

/** What a check asks for: `output.answer contains “16 bar”`. */
export function checkInWords(check: Check): string {
  const of = placeInWords(check.of);
  const not = check.negate ?? false;
  switch (check.kind) {
    case "equals":
      return `${of} ${not ? "is not" : "is"} ${valueInWords(check.value)}`;
    case "contains":
      return `${of} ${not ? "does not contain" : "contains"} ${valueInWords(check.value)}`;
    case "schema":
      return `${of} ${not ? "does not fit" : "fits"} the schema`;
    case "similar":
      return `${of} ${not ? "does not mean" : "means"} ${valueInWords(check.value)}`;
    case "judged":
      return `${of}: ${check.question}${not ? " (no)" : ""}`;
  }
}

/** A reference as it stands; of anything else what the language says of it. */
export function placeInWords(of: unknown): string {
  return referenceOf(of) ?? valueInWords(of);
}

function referenceOf(value: unknown): string | null {
  if (!isObject(value) || Object.keys(value).length !== 1) return null;
  return typeof value["ref"] === "string" ? value["ref"] : null;
}

/** Where a check looks, as it is typed: a path, or a value of the language as JSON. */
export function typedPlace(of: unknown): string {
  return referenceOf(of) ?? JSON.stringify(of);
}

/** The other way round; null for JSON that cannot be read. */
export function readPlace(text: string): { of: unknown } | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return { of: { ref: trimmed } };
  const read = parsed(trimmed);
  return read ? { of: read.value } : null;
}

/** A value as it is typed: a text that could not be taken for JSON as it is, all else as JSON. */
export function typedValue(value: unknown): string {
  return typeof value === "string" && parsed(value) === null ? value : JSON.stringify(value, null, 2);
}

/** What is typed is JSON where it can be, and else a text. */
export function readValue(text: string): unknown {
  const read = parsed(text);
  return read ? read.value : text;
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
