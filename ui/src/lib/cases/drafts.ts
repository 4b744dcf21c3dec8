/** A test case while it is typed, and what is wrong with it. The server tells all the rest. Pure. */
import { isObject, type JsonObject, readJson } from "@/lib/json";
import type { Case, Check } from "@/models";
import { type CheckKind, readPlace, readValue, typedPlace, typedValue } from "./words";

export interface CheckDraft {
  kind: CheckKind;
  of: string;
  negate: boolean;
  /** What `equals`, `contains` and `similar` compare with. */
  value: string;
  ignoreCase: boolean;
  least: number;
  /** The JSON Schema of `schema`. */
  form: string;
  question: string;
  model: string;
}

export interface CaseDraft {
  name: string;
  input: string;
  pinned: string;
  seconds: number;
  checks: CheckDraft[];
}

export const NEW_CHECK: CheckDraft = {
  kind: "contains",
  of: "",
  negate: false,
  value: "",
  ignoreCase: false,
  least: 0.7,
  form: '{\n  "type": "string"\n}',
  question: "",
  model: "",
};
const SECONDS = 300;

/** @param begin the input of a new case */
export function draftOfCase(test: Case | null, begin: JsonObject): CaseDraft {
  return {
    name: test?.name ?? "",
    input: JSON.stringify(test?.input ?? (test ? {} : begin), null, 2),
    pinned: test?.pinned && Object.keys(test.pinned).length > 0 ? JSON.stringify(test.pinned, null, 2) : "",
    seconds: test?.timeout_seconds ?? SECONDS,
    checks: (test?.checks ?? []).map(draftOfCheck),
  };
}

function draftOfCheck(check: Check): CheckDraft {
  const common = { ...NEW_CHECK, kind: check.kind, of: typedPlace(check.of), negate: check.negate ?? false };
  switch (check.kind) {
    case "equals":
      return { ...common, value: typedValue(check.value) };
    case "contains":
      return { ...common, value: typedValue(check.value), ignoreCase: check.ignore_case ?? false };
    case "similar":
      return { ...common, value: typedValue(check.value), least: check.least ?? NEW_CHECK.least };
    case "schema":
      return { ...common, form: JSON.stringify(check.form, null, 2) };
    case "judged":
      return { ...common, question: check.question, model: check.model ?? "" };
  }
}

/** What is wrong, by field: `name`, `input`, `checks.0.of`. */
export type CaseFaults = Record<string, string>;

/** The case, unless something of it cannot be read. @param taken the names of the other cases */
export function readCase(draft: CaseDraft, taken: readonly string[]): { test: Case | null; faults: CaseFaults } {
  const faults: CaseFaults = {};
  const name = draft.name.trim();
  if (name === "") faults["name"] = "Give it a name.";
  else if (taken.includes(name)) faults["name"] = "Another case has this name.";
  const input = readObject(draft.input, "input", faults);
  const pinned = readObject(draft.pinned, "pinned", faults);
  const checks = draft.checks.flatMap((check, place) => readCheck(check, `checks.${place}`, faults) ?? []);
  if (Object.keys(faults).length > 0) return { test: null, faults };
  const test: Case = { name, input };
  if (Object.keys(pinned).length > 0) test.pinned = pinned;
  if (draft.seconds !== SECONDS) test.timeout_seconds = draft.seconds;
  return { test: { ...test, checks }, faults };
}

function readObject(text: string, field: string, faults: CaseFaults): JsonObject {
  if (text.trim() === "") return {};
  const { value, fault } = readJson(text);
  if (isObject(value)) return value;
  faults[field] = fault ?? "It must be an object: {…}.";
  return {};
}

function readCheck(draft: CheckDraft, path: string, faults: CaseFaults): Check | null {
  const place = draft.of.trim() === "" ? null : readPlace(draft.of);
  if (place === null) {
    faults[`${path}.of`] = draft.of.trim() === "" ? "Say where it looks." : "This is no JSON.";
    return null;
  }
  const common = { of: place.of, ...(draft.negate ? { negate: true } : {}) };
  switch (draft.kind) {
    case "equals":
      return { kind: "equals", ...common, value: readValue(draft.value) };
    case "contains":
      return {
        kind: "contains",
        ...common,
        value: readValue(draft.value),
        ...(draft.ignoreCase ? { ignore_case: true } : {}),
      };
    case "similar":
      return { kind: "similar", ...common, value: readValue(draft.value), least: draft.least };
    case "schema":
      return { kind: "schema", ...common, form: readObject(draft.form, `${path}.form`, faults) };
    case "judged": {
      if (draft.question.trim() === "") faults[`${path}.question`] = "Ask something that can be answered with yes.";
      const model = draft.model.trim();
      return { kind: "judged", ...common, question: draft.question.trim(), ...(model === "" ? {} : { model }) };
    }
  }
}
