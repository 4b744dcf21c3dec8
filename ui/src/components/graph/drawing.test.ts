import { describe, expect, it } from "vitest";
import { flowOf } from "@/lib/flow";
import { graphTraceOf } from "@/lib/graphTrace";
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
const drawing = place(flow, "down");
const lit = (trace: RunTrace | null) => trace && graphTraceOf(trace, toolchain);
const steps = (trace: RunTrace | null) =>
  Object.fromEntries(stepsOf(flow, drawing, lit(trace), null).map(({ id, data }) => [id, data.phase]));
const ways = (trace: RunTrace | null) =>
  Object.fromEntries(waysOf(flow, drawing, lit(trace)).map(({ id, data }) => [id, data?.phase]));

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
  const names = stepsOf(flow, drawing, lit(trace), "left").map(({ ariaLabel, selected }) => [ariaLabel, selected]);
  expect(names).toEqual([
    ["Start", false],
    ["Choose, 2 ways, not reached", false],
    ["Left, f, running", true],
    ["Right, default model, not reached", false],
    ["End", false],
  ]);
});

describe("a node that others work in", () => {
  const looped: Pick<Toolchain, "nodes" | "edges"> = {
    nodes: [
      {
        id: "each",
        kind: "map",
        over: { ref: "input.list" },
        body: {
          nodes: [
            { id: "look", kind: "branch", cases: [{ when: { empty: [{ ref: "item" }] }, to: "end" }], else: "say" },
            { id: "say", kind: "llm", on_error: "end" },
          ],
          edges: [{ from: "start", to: "look" }],
        },
      },
      { id: "last", kind: "join" },
    ],
    edges: [
      { from: "start", to: "each" },
      { from: "each", to: "last" },
    ],
  };
  const outer = flowOf(looped);

  it.each(["right", "down"] as const)("holds its body, also the ways within, drawn to the %s", (direction) => {
    const inner = place(outer, direction);
    const boxes = new Map(
      stepsOf(outer, inner, null, null).map((step) => [
        step.id,
        {
          ...step.position,
          width: step.width ?? 0,
          height: step.height ?? 0,
          zIndex: step.zIndex ?? 0,
          type: step.type,
        },
      ]),
    );
    const each = boxes.get("each");
    expect(each?.type).toBe("group");
    for (const id of ["look", "say", "each/end"]) {
      const box = boxes.get(id);
      if (!each || !box) throw new Error(`${id} is not drawn`);
      expect(box.x).toBeGreaterThanOrEqual(each.x);
      expect(box.y).toBeGreaterThanOrEqual(each.y + 60);
      expect(box.x + box.width).toBeLessThanOrEqual(each.x + each.width);
      expect(box.y + box.height).toBeLessThanOrEqual(each.y + each.height);
      expect(box.zIndex).toBeGreaterThan(each.zIndex);
    }
    const within = waysOf(outer, inner, null).filter(({ source }) => source === "look" || source === "say");
    expect(within.map(({ id, data }) => [id, data?.onError])).toEqual([
      ["look→end", false],
      ["look→say", false],
      ["say⇢end", true],
    ]);
    for (const { x, y } of within.flatMap(({ data }) => data?.route ?? [])) {
      expect(each && x >= each.x && x <= each.x + each.width && y >= each.y && y <= each.y + each.height).toBe(true);
    }
  });

  it("says how many rounds are done, of itself and of those within", () => {
    const trace = advance(
      EMPTY_TRACE,
      [
        begin,
        { event: "node_started", data: { node: "each", kind: "map", input: { over: [1, 2, 3] } } },
        ...[0, 1].flatMap((n): RunChange[] => [
          started(`each[${n}].look`, "branch"),
          finished(`each[${n}].look`, { to: "say" }),
        ]),
        started("each[0].say", "llm"),
        finished("each[0].say"),
        started("each[1].say", "llm"),
      ],
      1,
    );
    const steps = new Map(
      stepsOf(outer, place(outer, "right"), graphTraceOf(trace, looped), null).map(({ id, data }) => [id, data]),
    );
    expect(steps.get("each")?.trace?.rounds).toBe("1 of 3");
    expect(steps.get("say")).toMatchObject({ phase: "running", trace: { rounds: "1×" } });
    expect(steps.get("look")?.phase).toBe("completed");
  });
});
