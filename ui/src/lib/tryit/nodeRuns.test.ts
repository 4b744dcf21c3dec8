import { expect, test } from "vitest";
import { EMPTY_TRACE, type NodeTrace, type RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import { nodeRunsOf, tokensOfRun } from "./nodeRuns";

const TOOLCHAIN: Pick<Toolchain, "nodes"> = {
  nodes: [
    { id: "ask", kind: "llm", prompt: "?" },
    {
      id: "each",
      kind: "map",
      over: { ref: "input.list" },
      body: { nodes: [{ id: "sum", kind: "llm", prompt: "?" }] },
    },
  ],
};

function node(id: string, parts: Partial<NodeTrace> = {}): NodeTrace {
  return {
    ...{ id, kind: "llm", status: "completed", startedAt: 0, durationMs: 5, input: null, output: null, error: null },
    ...{ texts: {}, retrying: null, ...parts },
  };
}

const traceOf = (...nodes: NodeTrace[]): RunTrace => ({
  ...EMPTY_TRACE,
  status: "running",
  nodes: new Map(nodes.map((one) => [one.id, one])),
});

const NONE = new Map();

test("a node that did nothing new keeps its object, and all of them where none did", () => {
  const ask = node("ask", { output: { text: "x", usage: { prompt_tokens: 3, completion_tokens: 4 } } });
  const first = nodeRunsOf(traceOf(ask, node("each", { kind: "map", status: "running" })), TOOLCHAIN, new Set(), NONE);
  expect(first.get("ask")).toMatchObject({ status: "completed", tokens: 7, pinned: false });
  const again = nodeRunsOf(traceOf(ask, node("each", { kind: "map", status: "running" })), TOOLCHAIN, new Set(), first);
  expect(again).toBe(first);
  const later = nodeRunsOf(traceOf(ask, node("each", { kind: "map" })), TOOLCHAIN, new Set(["ask"]), first);
  expect(later.get("ask")).not.toBe(first.get("ask"));
  expect(later.get("ask")?.pinned).toBe(true);
  expect(later.get("each")?.status).toBe("completed");
});

test("rounds are told together: their tokens, and what the last one gave", () => {
  const usage = { total_tokens: 10 };
  const trace = traceOf(
    node("each", { kind: "map", status: "running" }),
    node("each[0].sum", { output: { text: "one", usage } }),
    node("each[1].sum", { output: { text: "two", usage }, error: null }),
  );
  const runs = nodeRunsOf(trace, TOOLCHAIN, new Set(), NONE);
  expect(runs.get("sum")).toMatchObject({ tokens: 20, output: { text: "two", usage }, rounds: "2×" });
  expect(tokensOfRun(trace, TOOLCHAIN)).toBe(20);
});

test("of a text that grows the end is shown", () => {
  const trace = traceOf(node("ask", { status: "running", texts: { answer: `${"x".repeat(5000)}end` } }));
  const text = nodeRunsOf(trace, TOOLCHAIN, new Set(), NONE).get("ask")?.text ?? "";
  expect(text.length).toBeLessThan(1000);
  expect(text.endsWith("end")).toBe(true);
});
