import { describe, expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { beginningOf, carriedOn, endedCount, nodeIdOf, recordedOf, withTexts } from "./pageState";
import { advance, EMPTY_TRACE, type RunChange } from "./trace";

const toolchain: Pick<Toolchain, "state" | "nodes"> = {
  state: {
    answer: { type: "string" },
    log: { type: "string", reducer: "append", scope: "thread" },
    turns: { type: "array", scope: "thread" },
    n: { type: "integer", default: 4 },
  },
  nodes: [
    { id: "say", kind: "llm", prompt: "x", stream: "answer" },
    { id: "part", kind: "subchain", toolchain: "other" },
    { id: "note", kind: "update", changes: [{ op: "set", path: "n", value: 1 }] },
  ],
};

const change = (event: RunChange["event"], data: RunChange["data"] = {}): RunChange => ({ event, data });
const begun = (node: string, kind = "llm") => change("node_started", { node, kind, input: null });
const delta = (node: string, path: string, text: string) => change("delta", { node, path, text });
const run = (...changes: RunChange[]) => advance(EMPTY_TRACE, [change("run_started"), ...changes], 0);

it("begins with defaults, and goes on with what a thread keeps", () => {
  expect(beginningOf(toolchain)).toEqual({ answer: "", log: "", turns: [], n: 4 });
  expect(carriedOn(toolchain, { answer: "old", log: "kept", n: 9 })).toEqual({
    answer: "",
    log: "kept",
    turns: [],
    n: 4,
  });
});

describe("withTexts", () => {
  const state = { answer: "before", log: "a", turns: [{ content: "" }], n: 4 };
  const nothing = { state, ended: new Set<string>() };

  it("shows what is being written: in the place of what was there, or behind it", () => {
    const trace = run(
      begun("say"),
      delta("say", "answer", "De"),
      delta("say", "answer", "ep"),
      delta("say", "log", "b"),
    );
    expect(withTexts(toolchain, nothing, trace)).toMatchObject({ answer: "Deep", log: "ab" });
    const deep = run(begun("say"), delta("say", "turns.-1.content", "Hi"));
    expect(withTexts(toolchain, nothing, deep)["turns"]).toEqual([{ content: "Hi" }]);
    expect(state.turns).toEqual([{ content: "" }]);
  });

  it("leaves alone what is recorded already, and what goes elsewhere", () => {
    const trace = run(
      begun("say"),
      delta("say", "answer", "x"),
      begun("part.say"),
      delta("part.say", "answer", "inner"),
    );
    expect(withTexts(toolchain, { state, ended: new Set(["say"]) }, trace)["answer"]).toBe("before");
    const update = run(begun("note", "update"), delta("note", "answer", "y"));
    expect(withTexts(toolchain, nothing, update)["answer"]).toBe("before");
    const early = run(begun("say"), delta("say", "turns.3.content", "z"));
    expect(withTexts(toolchain, nothing, early)).toEqual(state);
  });
});

it("knows which nodes a state holds: those told, and those that had ended when it was asked for", () => {
  const trace = run(begun("say"), change("node_finished", { node: "say", output: {} }), begun("part"));
  expect(endedCount(trace)).toBe(1);
  expect([...recordedOf({ state: {}, nodes: ["note"] }, trace).ended].sort()).toEqual(["note", "say"]);
  expect(nodeIdOf("each[3].ask[1]")).toBe("ask");
});
