import type { NodeRun, RunDetail, RunError, RunEventName, RunStatus, Source } from "@/models";
import { isObject, type JsonObject } from "./json";
import type { ServerEvent } from "./sse";

/** `stopped`: it was under way when the run ended otherwise. */
export type NodeStatus = "running" | "completed" | "failed" | "stopped";

export interface NodeTrace {
  id: string;
  kind: string;
  status: NodeStatus;
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number | null;
  input: unknown;
  output: unknown;
  error: string | null;
  /** What it has streamed so far. */
  text: string;
}

/** What a run has done so far: built from its events while it goes, from its record when it has ended. */
export interface RunTrace {
  status: RunStatus;
  /** In the order of their starts. */
  nodes: ReadonlyMap<string, NodeTrace>;
  sources: Source[];
  /** From 0 to 1 with what is being done, where a node tells. */
  progress: { stage: string; part: number } | null;
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
  output: null,
  error: null,
  startedAt: null,
  finishedAt: null,
};

const ENDED: ReadonlySet<RunStatus> = new Set(["completed", "failed", "cancelled", "dead"]);

export function hasEnded(status: RunStatus): boolean {
  return ENDED.has(status);
}

/** True for the event after which a run's stream says nothing more. */
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
    output: run.output,
    error: run.error ?? null,
    startedAt: time(run.started_at),
    finishedAt: time(run.finished_at),
  };
}

function traceOfNode(node: NodeRun, ended: boolean): NodeTrace {
  return {
    id: node.node,
    kind: node.kind,
    status: ended && node.status === "running" ? "stopped" : node.status,
    startedAt: Date.parse(node.started_at),
    durationMs: node.duration_ms ?? null,
    input: node.input ?? null,
    output: node.output ?? null,
    error: node.error ?? null,
    text: "",
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
  const edit = (id: unknown, change: Partial<NodeTrace> | ((node: NodeTrace) => Partial<NodeTrace>)) => {
    const node = typeof id === "string" ? nodes.get(id) : undefined;
    if (node) nodes.set(node.id, { ...node, ...(typeof change === "function" ? change(node) : change) });
  };
  const end = (status: RunStatus) => {
    Object.assign(next, { status, finishedAt: now, progress: null });
    for (const node of nodes.values()) if (node.status === "running") edit(node.id, { status: "stopped" });
  };

  for (const { event, data } of changes) {
    switch (event) {
      case "run_started":
        // A run that was taken over after its process died begins anew.
        nodes.clear();
        Object.assign(next, { status: "running", startedAt: trace.startedAt ?? now, sources: [], progress: null });
        break;
      case "node_started": {
        const id = asText(data["node"]);
        const startedAt = known.get(id) ?? now;
        nodes.set(id, started(id, asText(data["kind"]), startedAt, data["input"] ?? null));
        break;
      }
      case "node_finished": {
        const error = typeof data["error"] === "string" ? data["error"] : null;
        edit(data["node"], {
          status: error === null ? "completed" : "failed",
          durationMs: typeof data["duration_ms"] === "number" ? data["duration_ms"] : null,
          output: data["output"] ?? null,
          error,
        });
        next.progress = null;
        break;
      }
      case "delta":
        edit(data["node"], ({ text }) => ({ text: text + asText(data["text"]) }));
        break;
      case "state":
        if (data["path"] === "progress") next.progress = readProgress(data["value"]);
        break;
      case "sources":
        if (Array.isArray(data["sources"])) next.sources = data["sources"] as Source[];
        break;
      case "citation":
        break;
      case "waiting":
        next.status = "waiting";
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
  return next;
}

const asText = (value: unknown) => (typeof value === "string" ? value : "");

function started(id: string, kind: string, startedAt: number, input: unknown): NodeTrace {
  return { id, kind, status: "running", startedAt, durationMs: null, input, output: null, error: null, text: "" };
}

function readProgress(value: unknown): RunTrace["progress"] {
  if (!isObject(value) || typeof value["progress"] !== "number") return null;
  const part = Math.min(1, Math.max(0, value["progress"]));
  return { stage: typeof value["stage"] === "string" ? value["stage"] : "", part };
}

function readError(error: unknown): RunError {
  if (isObject(error) && typeof error["message"] === "string") {
    const node = typeof error["node"] === "string" ? error["node"] : null;
    return { type: asText(error["type"]) || "Error", message: error["message"], node };
  }
  return { type: "Error", message: "The run failed." };
}
