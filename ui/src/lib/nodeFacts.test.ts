import { expect, it } from "vitest";
import type { Node } from "@/models";
import { factsOf, waysInWords } from "./nodeFacts";

it("says what every node has in common", () => {
  const node: Node = {
    id: "find",
    kind: "function",
    function: "search_hybrid",
    when: { ">": [{ ref: "state.n" }, 0] },
    timeout_seconds: 90,
    retry: { attempts: 4, backoff_seconds: 0.5, on: ["Unavailable"] },
    cache: { key: { ref: "state.q" }, ttl_seconds: 60 },
    on_error: "end",
  };
  expect(factsOf(node)).toEqual({
    id: "find",
    "only when": "n is more than 0",
    function: { ref: "search_hybrid" },
    "time limit": "1 min 30 s",
    "tries again": "up to 4 attempts, first after 500 ms, then 2 times as long, on Unavailable",
    "keeps its result": { for: "1 min", key: { ref: "state.q" } },
    "when it fails": { ref: "end" },
  });
});

const BODY = { nodes: [{ id: "b", kind: "llm" as const }] };
it.each<[Node, Record<string, unknown>]>([
  [
    { id: "a", kind: "agent", tools: [{ function: "f" }, { toolchain: "t" }] },
    {
      model: "the platform’s default",
      tools: [{ ref: "f" }, "toolchain t"],
      limits: "12 steps, 5 min, 100,000 tokens",
    },
  ],
  [{ id: "a", kind: "llm" }, { model: "the platform’s default" }],
  [
    { id: "a", kind: "map", over: { ref: "state.x" }, body: BODY, on_item_error: "null" },
    { over: { ref: "state.x" }, "when one fails": "its result is null" },
  ],
  [
    { id: "a", kind: "loop", body: BODY, max_iterations: 1, until: { empty: [{ ref: "state.x" }] } },
    { until: "x is empty", "at most": "1 round" },
  ],
  [
    { id: "a", kind: "approval", message: "Go?", wait_seconds: 60, default: null },
    { message: "Go?", "waits at most": "1 min", "then takes": { literal: null } },
  ],
  [{ id: "a", kind: "wait", event: "paid" }, { event: "paid" }],
  [
    { id: "a", kind: "code", code: "1" },
    { code: { literal: "1" }, "at most": "5.0 s, 64 MB" },
  ],
  [
    { id: "a", kind: "http", url: "u", headers: {} },
    { asks: "GET", url: "u" },
  ],
  [{ id: "a", kind: "join", need: "all" }, { "goes on": "when every way was taken" }],
  [{ id: "a", kind: "subchain", toolchain: "t" }, { toolchain: { ref: "t" } }],
  [
    { id: "a", kind: "emit", event: "state", data: 1, path: "p" },
    { event: "state", path: "p", data: 1 },
  ],
  [{ id: "a", kind: "update", changes: [{ op: "set", path: ["a", 1], value: 2 }] }, { "1. set a.1": 2 }],
])("says what is its own of %j", (node, facts) => expect(factsOf(node)).toEqual({ id: "a", ...facts }));

it("numbers the ways of a branch", () => {
  const branch = { id: "b", kind: "branch" as const, cases: [{ when: { ref: "state.x" }, to: "a" }], else: "end" };
  expect(waysInWords(branch)).toEqual({ "1. x": { ref: "a" }, "2. otherwise": { ref: "end" } });
});
