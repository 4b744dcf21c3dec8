import { describe, expect, it } from "vitest";
import { flowOf } from "@/lib/flow";
import { advance, EMPTY_TRACE, type RunChange, type RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import { place, stepsOf, waysOf } from "./drawing";

const toolchain: Pick<Toolchain, "nodes" | "edges"> = {
  nodes: [
    { id: "choose", kind: "branch", cases: [{ when: { empty: [{ ref: "input.a" }] }, to: "left" }], else: "right" },
    { id: "left", kind: "function", title: "Left", function: "f" },
    { id: "right", kind: "llm", messages: [] },
  ],
  edges: [
    { from: "start", to: "choose" },
    { from: "left", to: "right" },
    { from: "right", to: "end" },
  ],
};
const flow = flowOf(toolchain);
const layout = place(flow, "down");
const steps = (trace: RunTrace | null) =>
  Object.fromEntries(stepsOf(flow, layout, trace, null).map(({ id, data }) => [id, data.phase]));
const ways = (trace: RunTrace | null) =>
  Object.fromEntries(waysOf(flow, layout, trace).map(({ id, data }) => [id, data?.phase]));

const begin: RunChange = { event: "run_started", data: {} };
const started = (node: string, kind: string): RunChange => ({ event: "node_started", data: { node, kind } });
const finished = (node: string, output: unknown = {}): RunChange => ({
  event: "node_finished",
  data: { node, duration_ms: 1, output },
});

describe("the phases of nodes and ways", () => {
  it("are plain without a run", () => {
    expect(new Set(Object.values(steps(null)))).toEqual(new Set(["plain"]));
    expect(new Set(Object.values(ways(null)))).toEqual(new Set(["plain"]));
  });

  it("are pending while the run waits for its turn", () => {
    expect(new Set(Object.values(steps(EMPTY_TRACE)))).toEqual(new Set(["pending"]));
    expect(new Set(Object.values(ways(EMPTY_TRACE)))).toEqual(new Set(["pending"]));
  });

  it("flow into the node that runs, by the way that the branch chose", () => {
    const choice = [
      begin,
      started("choose", "branch"),
      finished("choose", { to: "left" }),
      started("left", "function"),
    ];
    expect(ways(advance(EMPTY_TRACE, choice, 1))).toEqual({
      "start→choose": "taken",
      "choose→left": "flowing",
      "choose→right": "pending",
      "left→right": "pending",
      "right→end": "pending",
    });
    const on = [...choice, finished("left"), started("right", "llm"), finished("right")];
    const ended = advance(EMPTY_TRACE, [...on, { event: "run_finished", data: { output: {} } }], 1);
    // The right node was come to through the left one: the branch's own way to it stays untaken.
    expect(ways(ended)).toMatchObject({ "choose→right": "pending", "left→right": "taken", "right→end": "taken" });
    expect(steps(ended)).toMatchObject({ start: "completed", left: "completed", end: "completed" });
  });

  it("leave the end unreached when a node fails", () => {
    const failure = { node: "choose", duration_ms: 1, output: null, error: "No." };
    const events: RunChange[] = [
      begin,
      started("choose", "branch"),
      { event: "node_finished", data: failure },
      { event: "run_failed", data: {} },
    ];
    const trace = advance(EMPTY_TRACE, events, 1);
    expect(steps(trace)).toMatchObject({ start: "completed", choose: "failed", left: "pending", end: "pending" });
    expect(ways(trace)["choose→left"]).toBe("pending");
  });
});

it("names each node with what it does and how it fared", () => {
  const trace = advance(EMPTY_TRACE, [begin, started("left", "function")], 1);
  const names = stepsOf(flow, layout, trace, "left").map(({ ariaLabel, selected }) => [ariaLabel, selected]);
  expect(names).toEqual([
    ["Start", false],
    ["Choose, 2 ways, not reached", false],
    ["Left, f, running", true],
    ["Right, default model, not reached", false],
    ["End", false],
  ]);
});
