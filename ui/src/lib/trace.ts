import type { NodeRun, Pause, RunDetail, RunError, RunEventName, RunStatus, Source } from "@/models";
import { isObject, type JsonObject } from "./json";
import type { ServerEvent } from "./sse";

/** `stopped`: it was under way when the run ended otherwise. */
export type NodeStatus = NodeRun["status"] | "stopped";

/** A retry that a node waits for, after an attempt that failed. */
export interface Retrying {
  /** The attempt that failed, from 1. */
  attempt: number;
  error: string;
  nextInSeconds: number;
}

export interface NodeTrace {
  /** Its place in the run: `node`, within others `each[3].node`, a step of an agent `agent.turn.0`. */
  id: string;
  kind: string;
  status: NodeStatus;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number | null;
  input: unknown;
  output: unknown;
  error: string | null;
  /** What it has streamed so far, by the state path that it goes to. */
  texts: Readonly<Record<string, string>>;
  /** What has been tried before, while it is at work. */
  retrying: Retrying | null;
}

/** What a run has done so far: built from its events while it goes, from its record when it has ended. */
export interface RunTrace {
  status: RunStatus;
  /** In the order of their starts. */
  nodes: ReadonlyMap<string, NodeTrace>;
  sources: Source[];
  /** From 0 to 1 with what is being done, where a node tells. */
  progress: { stage: string; part: number } | null;
  /** What a waiting run waits for. */
  pauses: Pause[];
  output: JsonObject | null;
  error: RunError | null;
  startedAt: number | null;
  finishedAt: number | null;
}

export const EMPTY_TRACE: RunTrace = {
  status: "queued",
  nodes: new Map(),
  sources: [],
  progress: null,
  pauses: [],
  output: null,
  error: null,
  startedAt: null,
  finishedAt: null,
};

const ENDED: ReadonlySet<RunStatus> = new Set(["completed", "failed", "cancelled", "dead"]);

export function hasEnded(status: RunStatus): boolean {
  return ENDED.has(status);
}

/** True for an event after which a run's stream may say nothing more: a run that is retried goes on after its failure. */
export function isLastOfRun({ event }: ServerEvent): boolean {
  return event === "run_finished" || event === "run_failed" || event === "run_cancelled";
}

const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);

export function traceOf(run: RunDetail): RunTrace {
  return {
    status: run.status,
    nodes: new Map(run.nodes.map((node) => [node.node, traceOfNode(node, hasEnded(run.status))])),
    sources: [],
    progress: null,
    pauses: run.status === "waiting" ? (run.pauses ?? []) : [],
    output: run.output,
    error: run.error ?? null,
    startedAt: time(run.started_at),
    finishedAt: time(run.finished_at),
  };
}

function traceOfNode(node: NodeRun, ended: boolean): NodeTrace {
  const open = node.status === "running" || node.status === "waiting";
  return {
    ...begun(node.node, node.kind, Date.parse(node.started_at), node.input ?? null),
    status: ended && open ? "stopped" : node.status,
    durationMs: node.duration_ms ?? null,
    output: node.output ?? null,
    error: node.error ?? null,
  };
}

export interface RunChange {
  event: RunEventName;
  data: JsonObject;
}

const NAMES: ReadonlySet<string> = new Set<RunEventName>([
  "run_started",
  "node_started",
  "node_finished",
  "state",
  "delta",
  "sources",
  "citation",
  "waiting",
  "run_finished",
  "run_failed",
  "run_cancelled",
]);

/** The change that an event of the stream tells; null for what is none of a run's events. */
export function readChange({ event, data }: ServerEvent): RunChange | null {
  if (!NAMES.has(event)) return null;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? { event: event as RunEventName, data: value } : null;
  } catch {
    return null;
  }
}

/**
 * The trace after some events.
 * @param now when they came, in milliseconds; taken as the time of a node's start, which events do not carry
 * @param known starts by node, from the run's record, which are exact where `now` is late
 */
export function advance(
  trace: RunTrace,
  changes: readonly RunChange[],
  now: number,
  known: ReadonlyMap<string, number> = new Map(),
): RunTrace {
  if (changes.length === 0) return trace;
  const nodes = new Map(trace.nodes);
  const next = { ...trace, nodes };
  for (const change of changes) apply(next, nodes, change, now, known);
  return next;
}

function apply(
  next: RunTrace,
  nodes: Map<string, NodeTrace>,
  { event, data }: RunChange,
  now: number,
  known: ReadonlyMap<string, number>,
): void {
  const edit = (id: unknown, change: Partial<NodeTrace> | ((node: NodeTrace) => Partial<NodeTrace>)) => {
    const node = typeof id === "string" ? nodes.get(id) : undefined;
    if (node) nodes.set(node.id, { ...node, ...(typeof change === "function" ? change(node) : change) });
  };
  const end = (status: RunStatus) => {
    Object.assign(next, { status, finishedAt: now, progress: null, pauses: [] });
    for (const { id, status: at } of nodes.values()) {
      if (at === "running" || at === "waiting") edit(id, { status: "stopped", retrying: null });
    }
  };

  switch (event) {
    case "run_started":
      // Also after a pause, a retry, and when another process takes over: what was recorded is not done again.
      for (const node of nodes.values()) {
        if (node.status !== "completed" && node.status !== "skipped") nodes.delete(node.id);
      }
      Object.assign(next, { status: "running", startedAt: next.startedAt ?? now, progress: null, pauses: [] });
      Object.assign(next, { error: null, output: null, finishedAt: null });
      break;
    case "node_started": {
      const id = asText(data["node"]);
      nodes.set(id, begun(id, asText(data["kind"]), known.get(id) ?? now, data["input"] ?? null));
      break;
    }
    case "node_finished": {
      const id = asText(data["node"]);
      const error = typeof data["error"] === "string" ? data["error"] : null;
      // A node that is skipped never began.
      if (!nodes.has(id)) nodes.set(id, begun(id, asText(data["kind"]), known.get(id) ?? now, null));
      edit(id, {
        status: error !== null ? "failed" : data["skipped"] === true ? "skipped" : "completed",
        durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : null,
        output: data["output"] ?? null,
        error,
        retrying: null,
      });
      next.progress = null;
      break;
    }
    case "delta": {
      const path = asText(data["path"]);
      edit(data["node"], ({ texts }) => ({ texts: { ...texts, [path]: (texts[path] ?? "") + asText(data["text"]) } }));
      break;
    }
    case "state":
      if (data["path"] === "progress") next.progress = readProgress(data["value"]);
      // The next attempt writes its text anew.
      if (data["path"] === "retry") edit(data["node"], { retrying: readRetry(data["value"]), texts: {} });
      break;
    case "sources":
      if (Array.isArray(data["sources"])) next.sources = data["sources"] as Source[];
      break;
    case "citation":
      break;
    case "waiting":
      next.status = "waiting";
      next.pauses = Array.isArray(data["pauses"]) ? (data["pauses"] as Pause[]) : [];
      for (const { node } of next.pauses) edit(node, { status: "waiting" });
      break;
    case "run_finished":
      end("completed");
      next.output = isObject(data["output"]) ? data["output"] : null;
      break;
    case "run_failed":
      end("failed");
      next.error = readError(data["error"]);
      break;
    case "run_cancelled":
      end("cancelled");
      break;
  }
}

const asText = (value: unknown) => (typeof value === "string" ? value : "");
const asNumber = (value: unknown) => (typeof value === "number" ? value : 0);

function begun(id: string, kind: string, startedAt: number, input: unknown): NodeTrace {
  return {
    ...{ id, kind, status: "running", startedAt, durationMs: null, input, output: null, error: null },
    ...{ texts: {}, retrying: null },
  };
}

function readProgress(value: unknown): RunTrace["progress"] {
  if (!isObject(value) || typeof value["progress"] !== "number") return null;
  const part = Math.min(1, Math.max(0, value["progress"]));
  return { stage: typeof value["stage"] === "string" ? value["stage"] : "", part };
}

function readRetry(value: unknown): Retrying | null {
  if (!isObject(value)) return null;
  const { attempt, error, next_in_seconds: wait } = value;
  return { attempt: asNumber(attempt), error: asText(error), nextInSeconds: asNumber(wait) };
}

function readError(error: unknown): RunError {
  if (isObject(error) && typeof error["message"] === "string") {
    const node = typeof error["node"] === "string" ? error["node"] : null;
    return { type: asText(error["type"]) || "Error", message: error["message"], node };
  }
  return { type: "Error", message: "The run failed." };
}
