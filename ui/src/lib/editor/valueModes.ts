/** How a value of the toolchain language is written in a form. Pure. */
import type { JsonObject } from "@/lib/json";
import { type JsonType, lookOf } from "./jsonTypes";
import { markOf } from "./values";

export type ValueMode = "plain" | "json" | "ref" | "template" | "expr";

export const MODE_WORDS: Record<ValueMode, string> = {
  plain: "Value",
  json: "JSON",
  ref: "Reference",
  template: "Template",
  expr: "Expression",
};

/** The control that a plain value of a type is written in. */
export type PlainControl = "text" | "number" | "switch" | "choice" | "json";

export function controlOf(schema: JsonObject | null, type: JsonType): PlainControl {
  if (Array.isArray(schema?.["enum"])) return "choice";
  switch (lookOf(type)) {
    case "number":
      return "number";
    case "boolean":
      return "switch";
    case "array":
    case "object":
      return "json";
    default:
      return "text";
  }
}

/** How a value is written; of nothing, how one of its type most often is. */
export function modeOf(value: unknown, type: JsonType): ValueMode {
  const mark = markOf(value);
  if (mark === "ref" || mark === "template" || mark === "expr") return mark;
  if (mark === "literal") return "json";
  const look = lookOf(type);
  if (value === undefined || value === null) return look === "array" || look === "object" ? "ref" : "plain";
  if (typeof value === "string") return look === "any" || look === "string" ? "plain" : "json";
  if (typeof value === "number") return look === "number" ? "plain" : "json";
  if (typeof value === "boolean") return look === "boolean" ? "plain" : "json";
  return "json";
}

/** The same value written in another way, as far as it can be. */
export function inMode(value: unknown, mode: ValueMode): unknown {
  switch (mode) {
    case "ref":
      return { ref: typeof value === "string" ? value : "" };
    case "template":
      return { template: markOf(value) === "ref" ? `{{ ${textOf(value)} }}` : textOf(value) };
    case "expr":
      return { expr: { "==": [markOf(value) === "expr" ? 1 : (value ?? ""), ""] } };
    case "plain":
      return markOf(value) === null && typeof value === "object" ? undefined : textOf(value);
    case "json":
      return markOf(value) === null ? value : null;
  }
}

function textOf(value: unknown): string {
  const mark = markOf(value);
  if (mark !== null) return String(Object.values(value as object)[0]);
  return typeof value === "string" ? value : "";
}
