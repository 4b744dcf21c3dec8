/** Going back in a run: what its steps changed, and what it had done by then. Pure. */
import type { Checkpoint, StateKey } from "@/models";
import { plural } from "./format";
import { isObject, type JsonObject, readJson, sameJson } from "./json";
import { parentOf } from "./places";
import type { NodeTrace, RunTrace } from "./trace";

/** A state key at a step. */
export interface KeyState {
  name: string;
  value: unknown;
  /** What the step did to it, in words; null when it left it alone. */
  change: string | null;
}

/**
 * The keys of a state, those that the step changed first.
 * @param before the state a step earlier; null at the beginning, where nothing has changed yet
 */
export function keysOf(state: JsonObject, before: JsonObject | null): KeyState[] {
  const keys = Object.entries(state).map(([name, value]) => ({
    name,
    value,
    change: before === null ? null : changeInWords(name in before, before[name], value),
  }));
  return [...keys.filter(({ change }) => change !== null), ...keys.filter(({ change }) => change === null)];
}

function changeInWords(there: boolean, before: unknown, after: unknown): string | null {
  if (!there || (before === null && after !== null)) return "new";
  if (sameJson(before, after)) return null;
  if (typeof before === "string" && typeof after === "string" && before !== "" && after.startsWith(before)) {
    return `+${plural(after.length - before.length, "character")}`;
  }
  if (Array.isArray(before) && Array.isArray(after) && after.length > before.length) {
    const kept = before.every((item, index) => sameJson(item, after[index]));
    if (kept) return `+${plural(after.length - before.length, "item")}`;
  }
  if (typeof before === "number" && typeof after === "number") {
    const by = after - before;
    return `${by > 0 ? "+" : "−"}${Math.abs(by).toLocaleString("en")}`;
  }
  return "changed";
}

/** What the run had done at the last of these checkpoints: the nodes that had ended by then, and what held them. */
export function traceUpTo(trace: RunTrace, checkpoints: readonly Checkpoint[]): RunTrace {
  const nodes = new Map<string, NodeTrace>();
  for (const { node, result } of checkpoints) {
    const known = node === null ? undefined : trace.nodes.get(node);
    if (!known) continue;
    for (let parent = parentOf(known.id, trace.nodes); parent !== null; parent = parentOf(parent, trace.nodes)) {
      const holder = trace.nodes.get(parent);
      if (holder && !nodes.has(parent)) nodes.set(parent, { ...holder, status: "running", durationMs: null });
    }
    nodes.set(known.id, { ...known, output: known.output ?? result ?? null });
  }
  return { ...trace, status: "running", nodes, pauses: [], progress: null, output: null, error: null };
}

/** The checkpoint before a node's own: a run that forks there does the node again. Null when it is not among these. */
export function beforeNode(checkpoints: readonly Checkpoint[], node: string): Checkpoint | null {
  const index = checkpoints.findIndex((checkpoint) => checkpoint.node === node);
  return index > 0 ? (checkpoints[index - 1] ?? null) : null;
}

const TYPES: Record<string, [test: (value: unknown) => boolean, words: string]> = {
  string: [(value) => typeof value === "string", "a text, in quotes"],
  integer: [Number.isInteger, "a whole number"],
  number: [(value) => typeof value === "number", "a number"],
  boolean: [(value) => typeof value === "boolean", "true or false"],
  object: [isObject, "an object: {…}"],
  array: [Array.isArray, "a list: […]"],
};

/** The state keys that drafts change, as JSON each, and what is wrong with them, by key. */
export function readEdits(
  state: JsonObject,
  drafts: Record<string, string>,
  keys: Record<string, StateKey>,
): { state: JsonObject; faults: Record<string, string> } {
  const edits: JsonObject = {};
  const faults: Record<string, string> = {};
  for (const [name, draft] of Object.entries(drafts)) {
    const { value, fault } = readJson(draft);
    const [fits, words] = TYPES[keys[name]?.type ?? "any"] ?? [];
    if (fault !== null) faults[name] = fault;
    else if (fits && value !== null && !fits(value)) faults[name] = `This must be ${words ?? ""}.`;
    else if (!sameJson(value, state[name])) edits[name] = value;
  }
  return { state: edits, faults };
}
