import { describe, expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { nest, nodeAt, parentOf, pathOf, placesOf, roundOf, roundsInWords, roundsOf, visibleRows } from "./places";
import { advance, EMPTY_TRACE, type RunChange } from "./trace";

const toolchain: Pick<Toolchain, "nodes"> = {
  nodes: [
    {
      id: "each",
      kind: "map",
      title: "Every chapter",
      over: [],
      body: {
        nodes: [
          { id: "read", kind: "llm" },
          { id: "sum_up", kind: "llm" },
        ],
      },
    },
    { id: "helper", kind: "agent", tools: [] },
    { id: "other", kind: "subchain", toolchain: "x" },
  ],
};

const started = (node: string, kind: string, input: unknown = {}): RunChange => ({
  event: "node_started",
  data: { node, kind, input },
});
const finished = (node: string, error?: string): RunChange => ({
  event: "node_finished",
  data: { node, duration_ms: 1, output: {}, ...(error ? { error } : {}) },
});
const trace = advance(
  EMPTY_TRACE,
  [
    started("each", "map", { over: [1, 2, 3, "… (37 more)"] }),
    started("each[0].read", "llm"),
    finished("each[0].read"),
    started("each[0].sum_up", "llm"),
    started("each[11].read", "llm"),
    finished("each[0].sum_up"),
    finished("each[11].read", "No."),
    started("helper", "agent"),
    started("helper.turn.0", "turn"),
    finished("helper.turn.0"),
    started("helper.call.0.1", "tool", { tool: "search_hybrid" }),
    started("helper.call.0.1.find", "function"),
    started("pause.until", "time"),
    started("other.inner_step", "llm"),
  ],
  1,
);

describe("places", () => {
  it.each([
    ["each[3].read", "each"],
    ["each", null],
    ["helper.call.0.1", "helper"],
    ["helper.call.0.1.find", "helper.call.0.1"],
    ["eachother", null],
  ])("finds what holds %s", (place, parent) => expect(parentOf(place, trace.nodes)).toBe(parent));

  it("knows the round", () => {
    expect(roundOf("each[11].read", "each")).toBe(11);
    expect(roundOf("helper.turn.0", "helper")).toBeNull();
  });

  it.each([
    ["each[3].read", "read", true],
    ["helper.call.0.1.find", "helper", false],
    ["other.inner_step", "other", false],
    ["each", "each", true],
  ])("finds the node of %s", (place, id, exact) => {
    const found = nodeAt(toolchain, place);
    expect([found?.node.id, found?.exact]).toEqual([id, exact]);
  });

  it("finds no node for what the toolchain does not hold", () => expect(nodeAt(toolchain, "gone.read")).toBeNull());

  it("names a place by the nodes around it", () => {
    expect(pathOf("each[11].read", trace, toolchain)).toBe("Every chapter › 12. Read");
    expect(pathOf("helper.call.0.1.find", trace, toolchain)).toBe("Helper › search_hybrid › Find");
    expect(pathOf("helper.turn.0", trace, toolchain)).toBe("Helper › Turn 1");
    expect(pathOf("each[2].sum_up", trace, toolchain)).toBe("Sum up");
    expect(pathOf("gone", trace, toolchain)).toBe("gone");
  });

  it("finds where a node was done", () => {
    expect(placesOf(trace, toolchain, "read")).toEqual(["each[0].read", "each[11].read"]);
    expect(placesOf(trace, toolchain, "helper")).toEqual(["helper"]);
  });
});

describe("the tree of a run", () => {
  const rows = nest(trace, toolchain);

  it("puts what is within beneath, in the order of the starts", () => {
    expect(rows.map(({ title, depth }) => [title, depth])).toEqual([
      ["Every chapter", 0],
      ["Helper", 0],
      ["Other.inner step", 0],
    ]);
    expect(rows[0]?.children.map(({ title }) => title)).toEqual(["1. Read", "1. Sum up", "12. Read"]);
    expect(rows[1]?.children.map(({ title }) => title)).toEqual(["Turn 1", "search_hybrid"]);
    expect(rows[1]?.children[1]?.children[0]).toMatchObject({ title: "Find", depth: 2 });
  });

  it("is folded where it is long, and by hand", () => {
    const seen = (toggled: string[]) => visibleRows(rows, new Set(toggled)).map(({ row }) => row.trace.id);
    expect(seen([])).toHaveLength(9);
    expect(seen(["helper"])).not.toContain("helper.turn.0");
    const many = Array.from({ length: 500 }, (_, n) => [
      started(`each[${n}].read`, "llm"),
      finished(`each[${n}].read`),
    ]);
    const long = nest(advance(EMPTY_TRACE, [started("each", "map"), ...many.flat()], 1), toolchain);
    expect(visibleRows(long, new Set())).toHaveLength(1);
    expect(visibleRows(long, new Set(["each"]))).toHaveLength(201);
  });
});

describe("rounds", () => {
  it("are done when their last node has ended, or one has failed", () => {
    expect(roundsOf(trace, toolchain).get("each")).toEqual({ done: 2, failed: 1, total: 40 });
    expect(roundsInWords({ done: 2, failed: 1, total: 40 })).toBe("2 of 40, 1 failure");
  });

  it("are all done when the map is", () => {
    const whole = advance(trace, [finished("each")], 2);
    expect(roundsOf(whole, toolchain).get("each")).toMatchObject({ done: 40, total: 40 });
  });

  it("of a loop may be fewer than the most", () => {
    const loop: Pick<Toolchain, "nodes"> = {
      nodes: [{ id: "again", kind: "loop", max_iterations: 9, body: { nodes: [{ id: "say", kind: "llm" }] } }],
    };
    const events = [
      started("again", "loop", { max_iterations: 9 }),
      started("again[0].say", "llm"),
      finished("again[0].say"),
    ];
    const ended = advance(EMPTY_TRACE, [...events, finished("again")], 1);
    expect(roundsOf(ended, loop).get("again")).toEqual({ done: 1, failed: 0, total: 9 });
  });

  it("of nothing are none", () => expect(roundsOf(EMPTY_TRACE, toolchain).size).toBe(0));
});
