/** The state that a page shows while a run goes on: what is recorded, and over it the text that is being written. Pure. */
import type { RunState, Toolchain } from "@/models";
import { isObject, type JsonObject } from "./json";
import { nodeAt } from "./places";
import type { NodeTrace, RunTrace } from "./trace";

const EMPTY: Record<string, unknown> = { string: "", integer: 0, number: 0, boolean: false, object: {}, array: [] };

/** What a value of a type is before anything is written. */
export function emptyOf(type: string): unknown {
  return EMPTY[type] ?? null;
}

type Stateful = Pick<Toolchain, "state" | "nodes">;

/** What the keys hold before anything is written. */
export function beginningOf({ state = {} }: Pick<Toolchain, "state">): JsonObject {
  return Object.fromEntries(Object.entries(state).map(([name, key]) => [name, key.default ?? emptyOf(key.type)]));
}

/** The state with which the next run of a thread begins: what its last run left in the keys that go on. */
export function carriedOn(toolchain: Pick<Toolchain, "state">, left: JsonObject): JsonObject {
  const kept = Object.entries(toolchain.state ?? {}).filter(([name, key]) => key.scope === "thread" && name in left);
  return { ...beginningOf(toolchain), ...Object.fromEntries(kept.map(([name]) => [name, left[name]])) };
}

/** A recorded state, and the nodes of which it was known when it was asked for that they had ended. */
export interface Recorded {
  state: JsonObject;
  ended: ReadonlySet<string>;
}

export function recordedOf({ state, nodes }: Pick<RunState, "state" | "nodes">, before: RunTrace | null): Recorded {
  const ended = [...(before?.nodes.values() ?? [])].filter(hasEnded).map(({ id }) => id);
  return { state, ended: new Set([...ended, ...nodes]) };
}

const hasEnded = ({ status }: NodeTrace) => status !== "running" && status !== "waiting";

/** How many nodes have ended: when it grows, more is recorded. */
export function endedCount(trace: RunTrace | null): number {
  return [...(trace?.nodes.values() ?? [])].filter(hasEnded).length;
}

/** The recorded state with the texts over it that nodes have written since. */
export function withTexts(toolchain: Stateful, { state, ended }: Recorded, trace: RunTrace | null): JsonObject {
  let shown = state;
  for (const { id, kind, texts } of trace?.nodes.values() ?? []) {
    // What an update puts there is recorded at once; what is within other toolchains goes to their own state.
    if (ended.has(id) || kind === "update" || !nodeAt(toolchain, id)?.exact) continue;
    for (const [path, text] of Object.entries(texts)) shown = grown(toolchain, shown, path, text);
  }
  return shown;
}

function grown(toolchain: Stateful, state: JsonObject, path: string, text: string): JsonObject {
  const parts = path.split(".");
  const key = parts[0] ?? "";
  if (parts.length === 1 && toolchain.state?.[key]?.reducer !== "append") return { ...state, [key]: text };
  const next = appended(state, parts, text);
  return isObject(next) ? next : state;
}

/** A copy with text added at a path; undefined where the path leads nowhere yet. */
function appended(here: unknown, [part, ...rest]: readonly string[], text: string): unknown {
  if (part === undefined) return typeof here === "string" ? here + text : here === null ? text : undefined;
  if (Array.isArray(here)) {
    const index = Number(part) < 0 ? here.length + Number(part) : Number(part);
    const item = appended(here[index], rest, text);
    return item === undefined ? undefined : (here as unknown[]).with(index, item);
  }
  if (!isObject(here)) return undefined;
  const held = appended(here[part] ?? null, rest, text);
  return held === undefined ? undefined : { ...here, [part]: held };
}

/** The node that a place is of: `each[3].ask` is of `ask`. */
export function nodeIdOf(place: string): string {
  return (place.split(".").at(-1) ?? place).replace(/(\[\d+\])+$/, "");
}
