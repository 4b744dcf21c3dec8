import { describe, expect, it } from "vitest";
import type { Checkpoint } from "@/models";
import { beforeNode, keysOf, readEdits, traceUpTo } from "./checkpoints";
import { stepInWords } from "./stepWords";
import { advance, EMPTY_TRACE, type RunChange } from "./trace";

const at = (step: number, node: string | null, kind = "llm"): Checkpoint => ({
  ...{ checkpoint_id: `r.${step}`, step, node, kind, at: "2026-05-05T12:00:00Z", state: {}, result: step },
});
const steps = [
  at(0, null, "start"),
  at(1, "each[0].say"),
  at(2, "each[1].say"),
  at(3, "each", "map"),
  at(4, "ask.answer", "answer"),
];

describe("keysOf", () => {
  it("tells what a step did to each key, the changed ones first", () => {
    const before = { same: { a: [1] }, text: "Deep", list: [1], count: 3, other: "x", empty: null };
    const after = {
      same: { a: [1] },
      text: "Deep water",
      list: [1, 2, 3],
      count: 1,
      other: { y: 1 },
      empty: 1,
      added: 2,
    };
    expect(keysOf(after, before).map(({ name, change }) => [name, change])).toEqual([
      ["text", "+6 characters"],
      ["list", "+2 items"],
      ["count", "−2"],
      ["other", "changed"],
      ["empty", "new"],
      ["added", "new"],
      ["same", null],
    ]);
  });

  it("says changed where a list or a text was not only added to", () => {
    expect(keysOf({ a: [2, 1], b: "xy" }, { a: [1], b: "y" }).map(({ change }) => change)).toEqual([
      "changed",
      "changed",
    ]);
  });

  it("marks nothing at the beginning", () => {
    expect(keysOf({ a: 1 }, null)).toEqual([{ name: "a", value: 1, change: null }]);
  });
});

describe("the run up to a step", () => {
  const toolchain = {
    nodes: [{ id: "each", kind: "map" as const, over: [], body: { nodes: [{ id: "say", kind: "llm" as const }] } }],
  };
  const events: RunChange[] = ["each", "each[0].say", "each[1].say"].flatMap((node, n) => [
    { event: "node_started", data: { node, kind: n === 0 ? "map" : "llm" } },
  ]);
  const done: RunChange[] = ["each[0].say", "each[1].say", "each"].map((node) => ({
    event: "node_finished",
    data: { node, duration_ms: 1, output: node },
  }));
  const whole = advance(EMPTY_TRACE, [...events, ...done, { event: "run_finished", data: { output: {} } }], 1);

  it("holds what had ended, within what was still under way", () => {
    const shown = traceUpTo(whole, steps.slice(0, 2));
    expect([...shown.nodes.values()].map(({ id, status }) => [id, status])).toEqual([
      ["each", "running"],
      ["each[0].say", "completed"],
    ]);
    expect(shown).toMatchObject({ status: "running", output: null });
    expect(traceUpTo(whole, steps.slice(0, 4)).nodes.get("each")?.status).toBe("completed");
  });

  it("bears steps whose nodes it does not know", () => {
    expect(traceUpTo(EMPTY_TRACE, steps).nodes.size).toBe(0);
  });

  it("says each step in words", () => {
    expect(steps.map((step) => stepInWords(step, whole, toolchain))).toEqual([
      "The beginning",
      "After Each › 1. Say",
      "After Each › 2. Say",
      "After Each",
      "Answer to ask",
    ]);
    expect(stepInWords(at(5, null, "edit"), whole, toolchain)).toBe("What the fork changed");
    expect(stepInWords(at(5, "each.until", "time"), whole, toolchain)).toBe("Each fixed its time");
  });
});

it("finds the checkpoint from which a node is done again", () => {
  expect(beforeNode(steps, "each[1].say")?.step).toBe(1);
  expect(beforeNode(steps, "gone")).toBeNull();
  expect(beforeNode(steps.slice(1), "each[0].say")).toBeNull();
});

describe("readEdits", () => {
  const state = { n: 1, text: "a", list: [] };
  const keys = { n: { type: "integer" as const }, text: { type: "string" as const }, list: { type: "array" as const } };

  it("takes what differs", () => {
    expect(readEdits(state, { n: "2", text: '"a"', list: "[ ]" }, keys)).toEqual({ state: { n: 2 }, faults: {} });
    expect(readEdits(state, { text: "null", other: "{}" }, keys).state).toEqual({ text: null, other: {} });
  });

  it("names what is no JSON or of another type", () => {
    const { state: edits, faults } = readEdits(state, { n: "1.5", text: "a", list: "{}" }, keys);
    expect(edits).toEqual({});
    expect(faults).toMatchObject({ n: "This must be a whole number.", list: "This must be a list: […]." });
    expect(faults["text"]).toMatch(/^Line 1/);
  });
});
