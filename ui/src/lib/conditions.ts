import type { Condition, Operator } from "@/models";
import { type DayEnd, dayOf, momentOf } from "./days";
import { isObject } from "./json";

/** What a field holds, and with it what it can be asked. `any`: metadata, of which nobody knows. */
export type FieldKind = "text" | "number" | "date" | "list" | "any";

export interface KnownField {
  field: string;
  label: string;
  kind: FieldKind;
}

export const METADATA = "metadata.";

/** The fields that a condition may name, beside `metadata.<path>`. */
export const FIELDS: readonly KnownField[] = [
  { field: "document.name", label: "Document name", kind: "text" },
  { field: "document.source", label: "Source", kind: "text" },
  { field: "document.content_type", label: "Content type", kind: "text" },
  { field: "document.created_at", label: "Added on", kind: "date" },
  { field: "document.size", label: "Size in bytes", kind: "number" },
  { field: "document.page_count", label: "Pages of the document", kind: "number" },
  { field: "document.id", label: "Document id", kind: "text" },
  { field: "chunk.page", label: "Page", kind: "number" },
  { field: "chunk.headings", label: "Headings", kind: "list" },
  { field: "chunk.token_count", label: "Tokens of the passage", kind: "number" },
  { field: "collection.id", label: "Collection id", kind: "text" },
];

export function kindOf(field: string): FieldKind {
  return FIELDS.find((known) => known.field === field)?.kind ?? "any";
}

const OPERATORS: Record<FieldKind, readonly Operator[]> = {
  text: ["contains", "eq", "ne", "in", "missing"],
  number: ["eq", "ne", "gte", "lte", "gt", "lt", "between", "missing"],
  date: ["gte", "lte", "gt", "lt", "eq", "between"],
  list: ["contains", "missing"],
  any: [
    "eq",
    "ne",
    "contains",
    "contained_by",
    "in",
    "gte",
    "lte",
    "gt",
    "lt",
    "between",
    "has_key",
    "has_keys",
    "has_any_key",
    "missing",
  ],
};

export function operatorsOf(field: string): readonly Operator[] {
  return OPERATORS[kindOf(field)];
}

const WORDS: Record<Operator, string> = {
  eq: "is",
  ne: "is not",
  lt: "is below",
  lte: "is at most",
  gt: "is above",
  gte: "is at least",
  between: "is between",
  in: "is one of",
  contains: "contains",
  contained_by: "holds nothing but",
  has_key: "has the key",
  has_keys: "has all keys",
  has_any_key: "has any key of",
  missing: "is missing",
};

const WORDS_OF: Partial<Record<FieldKind, Partial<Record<Operator, string>>>> = {
  date: { eq: "is on", lt: "is before", lte: "is on or before", gt: "is after", gte: "is on or after" },
  list: { contains: "include exactly" },
};

export function operatorInWords(op: Operator, kind: FieldKind): string {
  return WORDS_OF[kind]?.[op] ?? WORDS[op];
}

/** How many values an operator takes. */
export function arityOf(op: Operator): "none" | "one" | "two" | "many" {
  if (op === "missing") return "none";
  if (op === "between") return "two";
  return op === "in" || op === "has_keys" || op === "has_any_key" ? "many" : "one";
}

/** A condition as it is typed: values are texts. */
export interface Rule {
  kind: "rule";
  id: number;
  field: string;
  op: Operator;
  values: string[];
}

/** Conditions of which all, any or none must hold. */
export interface RuleGroup {
  kind: "group";
  id: number;
  match: "all" | "any" | "none";
  rules: (Rule | RuleGroup)[];
}

let last = 0;

export function newRule(field = "document.name"): Rule {
  return { kind: "rule", id: ++last, field, op: operatorsOf(field)[0] ?? "eq", values: [] };
}

export function newGroup(match: RuleGroup["match"] = "all", rules: RuleGroup["rules"] = []): RuleGroup {
  return { kind: "group", id: ++last, match, rules };
}

/** A rule for another field keeps what still makes sense. */
export function withField(rule: Rule, field: string): Rule {
  const sameKind = kindOf(field) === kindOf(rule.field);
  const op = operatorsOf(field).includes(rule.op) ? rule.op : (operatorsOf(field)[0] ?? "eq");
  return { ...rule, field, op, values: sameKind ? rule.values : [] };
}

/** The group with one of its members, at any depth, changed, or taken out with null. */
export function withMember(group: RuleGroup, id: number, member: Rule | RuleGroup | null): RuleGroup {
  if (group.id === id) return member?.kind === "group" ? member : group;
  const rules = group.rules.flatMap((inner) => {
    if (inner.id === id) return member ? [member] : [];
    return inner.kind === "group" ? [withMember(inner, id, member)] : [inner];
  });
  return { ...group, rules };
}

/** The condition of a group; rules that are not filled in yet count for nothing. Null when none is. */
export function conditionOf(group: RuleGroup): Condition | null {
  const parts = group.rules.flatMap((rule) => {
    const condition = rule.kind === "group" ? conditionOf(rule) : conditionOfRule(rule);
    return condition ? [condition] : [];
  });
  const [first] = parts;
  if (!first) return null;
  if (group.match === "none") return { not: parts.length === 1 ? first : { any: parts } };
  if (parts.length === 1) return first;
  return group.match === "all" ? { all: parts } : { any: parts };
}

function conditionOfRule({ field, op, values }: Rule): Condition | null {
  if (field.trim() === "" || field === METADATA) return null;
  const arity = arityOf(op);
  if (arity === "none") return { field, op };
  if (kindOf(field) === "date") return conditionOfDays(field, op, values);
  const kind = op === "has_key" || op === "has_keys" || op === "has_any_key" ? "text" : kindOf(field);
  const given = values.map((text) => text.trim()).filter((text) => text !== "");
  const read = given.map((text) => readValue(text, kind)).filter((value) => value !== undefined);
  if (read.length < given.length || read.length < (arity === "two" ? 2 : 1)) return null;
  if (arity === "one") return { field, op, value: read[0] };
  return { field, op, value: arity === "two" ? read.slice(0, 2) : read };
}

/** Which end of each of its days an operator compares a time with; to be on a day is to be between its ends. */
const DAY_ENDS: Partial<Record<Operator, readonly DayEnd[]>> = {
  gte: ["begin"],
  lt: ["begin"],
  lte: ["end"],
  gt: ["end"],
  between: ["begin", "end"],
};

function conditionOfDays(field: string, op: Operator, days: readonly string[]): Condition | null {
  const [day = ""] = days;
  if (op === "eq") return conditionOfDays(field, "between", [day, day]);
  const moments = DAY_ENDS[op]?.map((end, index) => momentOf(days[index] ?? "", end)) ?? [];
  if (moments.includes(undefined)) return null;
  return { field, op, value: op === "between" ? moments : moments[0] };
}

/** Null when its moments are not where the days begin and end here. */
function ruleOfDays(field: string, op: Operator, moments: readonly unknown[]): Rule | null {
  const days = DAY_ENDS[op]?.map((end, index) => dayOf(String(moments[index]), end)) ?? [undefined];
  if (!days.every((day) => day !== undefined)) return null;
  const [first, second] = days;
  const same = first === second;
  return { ...newRule(field), op: same ? "eq" : op, values: same ? days.slice(1) : days };
}

/** The value of a text for a field of a kind; undefined when it is none. Of metadata, what is JSON is taken as JSON. */
function readValue(text: string, kind: FieldKind): unknown {
  switch (kind) {
    case "number":
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case "text":
    case "date":
    case "list":
      return text;
    case "any":
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
  }
}

/** The group for a condition; null when the builder has no form for it. */
export function groupOf(condition: Condition | null): RuleGroup | null {
  if (condition === null) return newGroup();
  const member = memberOf(condition);
  if (!member) return null;
  return member.kind === "group" ? member : newGroup("all", [member]);
}

function memberOf(condition: Condition): Rule | RuleGroup | null {
  const { all, any, not, field, op, value } = condition;
  if (all) return groupOfAll("all", all);
  if (any) return groupOfAll("any", any);
  if (not) return not.any ? groupOfAll("none", not.any) : groupOfAll("none", [not]);
  if (!field || !op || !(operatorsOf(field).includes(op) || kindOf(field) === "any")) return null;
  const values = op === "missing" ? [] : Array.isArray(value) && arityOf(op) !== "one" ? value : [value];
  if (kindOf(field) === "date") return ruleOfDays(field, op, values);
  return { kind: "rule", id: ++last, field, op, values: values.map((one: unknown) => writeValue(one, kindOf(field))) };
}

function groupOfAll(match: RuleGroup["match"], conditions: readonly Condition[]): RuleGroup | null {
  const members = conditions.map(memberOf);
  return members.every((member) => member !== null) ? newGroup(match, members) : null;
}

function writeValue(value: unknown, kind: FieldKind): string {
  if (typeof value !== "string") return JSON.stringify(value ?? null);
  // A text that would be read as a number, a list and so on keeps its quotes.
  return kind === "any" && readValue(value, "any") !== value ? JSON.stringify(value) : value;
}

const DEEPEST = 20;

/** Why a value of JSON is no condition, in words; null when it is one. The server looks at fields and values. */
export function faultOfCondition(value: unknown, depth = 0): string | null {
  if (!isObject(value)) return 'A condition is an object, such as {"field": "chunk.page", "op": "lte", "value": 3}.';
  if (depth > DEEPEST) return `Conditions may be nested ${DEEPEST} deep at most.`;
  const { all, any, not, ...rest } = value;
  const lists = [all, any].filter((list) => list !== undefined && list !== null);
  const negated = not !== undefined && not !== null;
  if (lists.length + (negated ? 1 : 0) + ("field" in rest ? 1 : 0) !== 1)
    return "A condition has one of: all, any, not, or field with op and value.";
  for (const list of lists) {
    if (!Array.isArray(list) || list.length === 0 || list.length > 50) return "all and any hold 1 to 50 conditions.";
    const fault = list.map((inner: unknown) => faultOfCondition(inner, depth + 1)).find((found) => found !== null);
    if (fault) return fault;
  }
  if (negated) return faultOfCondition(not, depth + 1);
  if (lists.length > 0) return null;
  if (typeof rest["field"] !== "string" || rest["field"] === "") return "field names what is looked at.";
  return typeof rest["op"] === "string" && rest["op"] in WORDS
    ? null
    : `op is one of ${Object.keys(WORDS).join(", ")}.`;
}

/** How many comparisons a condition makes. */
export function countOf(condition: Condition | null): number {
  if (condition === null) return 0;
  const { all, any, not } = condition;
  if (not) return countOf(not);
  const inner = all ?? any;
  return inner ? inner.reduce((sum, one) => sum + countOf(one), 0) : 1;
}
