import { describe, expect, it } from "vitest";
import type { RunDetail } from "@/models";
import { advance, EMPTY_TRACE, isLastOfRun, readChange, type RunChange, traceOf } from "./trace";

const change = (event: RunChange["event"], data: RunChange["data"] = {}): RunChange => ({ event, data });
const begin = (node: string) => change("node_started", { node, kind: "function", input: { a: 1 } });

describe("advance", () => {
  it("follows a run to its end", () => {
    const running = advance(EMPTY_TRACE, [change("run_started"), begin("find")], 1000);
    expect(running.status).toBe("running");
    expect(running.nodes.get("find")).toMatchObject({ status: "running", startedAt: 1000, input: { a: 1 } });
    const ended = advance(
      running,
      [
        change("node_finished", { node: "find", duration_ms: 12.5, output: { hits: [] } }),
        begin("answer"),
        change("delta", { node: "answer", path: "answer", text: "Deep " }),
        change("delta", { node: "answer", path: "answer", text: "water" }),
        change("sources", { node: "find", sources: [{ n: 1 }] }),
        change("node_finished", { node: "answer", duration_ms: 40, output: {} }),
        change("run_finished", { output: { answer: "Deep water" }, duration_ms: 60 }),
      ],
      1060,
    );
    expect(ended).toMatchObject({ status: "completed", output: { answer: "Deep water" }, finishedAt: 1060 });
    expect([...ended.nodes.keys()]).toEqual(["find", "answer"]);
    expect(ended.nodes.get("find")).toMatchObject({ status: "completed", durationMs: 12.5, output: { hits: [] } });
    expect(ended.nodes.get("answer")?.texts).toEqual({ answer: "Deep water" });
    expect(ended.sources).toHaveLength(1);
    expect(running.nodes.get("find")?.status).toBe("running");
  });

  it("takes a node's start from the record where it knows it", () => {
    const trace = advance(EMPTY_TRACE, [begin("find")], 9000, new Map([["find", 1234]]));
    expect(trace.nodes.get("find")?.startedAt).toBe(1234);
  });

  it("keeps a node's error and the run's", () => {
    const error = { type: "NotFound", message: "No such document.", node: "find" };
    const failed = advance(
      EMPTY_TRACE,
      [
        begin("find"),
        begin("other"),
        change("node_finished", { node: "find", duration_ms: 3, output: null, error: "No such document." }),
        change("run_failed", { error }),
      ],
      5,
    );
    expect(failed).toMatchObject({ status: "failed", error });
    expect(failed.nodes.get("find")).toMatchObject({ status: "failed", error: "No such document." });
    expect(failed.nodes.get("other")?.status).toBe("stopped");
  });

  it("keeps what was recorded when another process takes the run over", () => {
    const done = change("node_finished", { node: "a", duration_ms: 1, output: 2 });
    const trace = advance(EMPTY_TRACE, [change("run_started"), begin("a"), done, begin("b"), change("run_started")], 1);
    expect([...trace.nodes.keys()]).toEqual(["a"]);
    expect(trace.status).toBe("running");
  });

  it("waits, and goes on when it was answered", () => {
    const pause = { node: "ask", kind: "approval", title: "Go on?" };
    const events = [change("run_started"), begin("ask"), change("waiting", { pauses: [pause] })];
    const waiting = advance(EMPTY_TRACE, events, 1);
    expect(waiting).toMatchObject({ status: "waiting", pauses: [pause] });
    expect(waiting.nodes.get("ask")?.status).toBe("waiting");
    const on = advance(waiting, [change("run_started"), begin("ask")], 2);
    expect(on).toMatchObject({ status: "running", pauses: [] });
    expect(on.nodes.get("ask")?.status).toBe("running");
    expect(advance(waiting, [change("run_cancelled")], 3)).toMatchObject({ status: "cancelled", pauses: [] });
  });

  it("goes on after a failure that was retried", () => {
    const failed = advance(EMPTY_TRACE, [change("run_started"), begin("a"), change("run_failed", {})], 1);
    const on = advance(failed, [change("run_started"), begin("a")], 5);
    expect(on).toMatchObject({ status: "running", error: null, finishedAt: null });
    expect(on.nodes.get("a")?.status).toBe("running");
  });

  it("tells of attempts, and forgets what the one before had written", () => {
    const retry = { attempt: 1, error: "Busy.", next_in_seconds: 2 };
    const events = [begin("a"), change("delta", { node: "a", path: "answer", text: "Ha" })];
    const trace = advance(EMPTY_TRACE, [...events, change("state", { node: "a", path: "retry", value: retry })], 1);
    expect(trace.nodes.get("a")).toMatchObject({
      texts: {},
      retrying: { attempt: 1, error: "Busy.", nextInSeconds: 2 },
    });
    const done = advance(trace, [change("node_finished", { node: "a", duration_ms: 1 })], 2);
    expect(done.nodes.get("a")?.retrying).toBeNull();
  });

  it("knows what was skipped without having begun", () => {
    const skipped = change("node_finished", { node: "a", kind: "llm", duration_ms: 0, output: null, skipped: true });
    expect(advance(EMPTY_TRACE, [skipped], 7).nodes.get("a")).toMatchObject({
      kind: "llm",
      status: "skipped",
      startedAt: 7,
    });
  });

  it("shows progress while a node tells of it", () => {
    const state = change("state", { node: "", path: "progress", value: { stage: "embedding", progress: 1.7 } });
    const trace = advance(EMPTY_TRACE, [begin("embed"), state], 1);
    expect(trace.progress).toEqual({ stage: "embedding", part: 1 });
    expect(advance(trace, [change("run_cancelled")], 2)).toMatchObject({ progress: null, status: "cancelled" });
  });

  it("bears events of nodes that never started and errors in no known form", () => {
    const trace = advance(EMPTY_TRACE, [change("delta", { node: "x", text: "a" }), change("run_failed", {})], 1);
    expect(trace.nodes.size).toBe(0);
    expect(trace.error?.message).toBe("The run failed.");
  });

  it("is the same object when nothing happened", () => expect(advance(EMPTY_TRACE, [], 1)).toBe(EMPTY_TRACE));
});

it("reads a record; what never ended in a run that has was stopped", () => {
  const detail: RunDetail = {
    run_id: "r",
    thread_id: "t",
    toolchain_id: "rag",
    toolchain_version: 1,
    status: "dead",
    attempts: 4,
    error: { type: "TooManyAttempts", message: "Died." },
    created_at: "2026-05-05T12:00:00Z",
    started_at: "2026-05-05T12:00:01Z",
    finished_at: "2026-05-05T12:00:03Z",
    input: {},
    output: null,
    nodes: [
      { node: "a", kind: "llm", status: "completed", started_at: "2026-05-05T12:00:01.5Z", duration_ms: 20, output: 3 },
      { node: "b", kind: "llm", status: "running", started_at: "2026-05-05T12:00:02Z" },
    ],
    toolchain: { id: "rag", title: "R", nodes: [], edges: [] },
  };
  const trace = traceOf(detail);
  expect(trace.startedAt).toBe(Date.parse("2026-05-05T12:00:01Z"));
  expect([...trace.nodes.values()].map(({ status, durationMs }) => [status, durationMs])).toEqual([
    ["completed", 20],
    ["stopped", null],
  ]);
  expect(traceOf({ ...detail, status: "running" }).nodes.get("b")?.status).toBe("running");
});

it("reads only a run's events", () => {
  const event = { id: "1", event: "delta", data: '{"node":"a","text":"x"}' };
  expect(readChange(event)).toEqual({ event: "delta", data: { node: "a", text: "x" } });
  expect(readChange({ ...event, event: "ping" })).toBeNull();
  expect(readChange({ ...event, data: "{" })).toBeNull();
  expect(readChange({ ...event, data: "[]" })).toBeNull();
  expect(isLastOfRun({ ...event, event: "run_cancelled" })).toBe(true);
  expect(isLastOfRun(event)).toBe(false);
});
