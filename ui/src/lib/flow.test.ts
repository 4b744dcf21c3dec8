import { describe, expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { flowOf, isDrawable, titleOf } from "./flow";

const toolchain: Toolchain = {
  id: "t",
  title: "T",
  nodes: [
    { id: "find", kind: "function", title: "Find passages", function: "search_hybrid" },
    {
      id: "any_hits",
      kind: "branch",
      cases: [
        { when: { empty: [{ ref: "nodes.find.hits" }] }, to: "end" },
        { when: { "==": [{ ref: "input.mode" }, "short"] }, to: "answer" },
      ],
      else: "answer",
    },
    { id: "answer", kind: "llm", messages: [], model: { ref: "input.model" } },
  ],
  edges: [
    { from: "start", to: "find" },
    { from: "find", to: "any_hits" },
    { from: "answer", to: "end" },
  ],
};

describe("flowOf", () => {
  it("puts the nodes between start and end, each with a title and what it does", () => {
    expect(flowOf(toolchain).nodes.map(({ id, title, detail }) => [id, title, detail])).toEqual([
      ["start", "Start", ""],
      ["find", "Find passages", "search_hybrid"],
      ["any_hits", "Any hits", "2 ways"],
      ["answer", "Answer", "model"],
      ["end", "End", ""],
    ]);
  });

  it("makes one edge of the cases that lead to one node, with the conditions in words", () => {
    const ways = flowOf(toolchain).edges.filter(({ from }) => from === "any_hits");
    expect(ways.map(({ to, label }) => [to, label])).toEqual([
      ["end", "find.hits is empty"],
      ["answer", "mode is “short”, or otherwise"],
    ]);
  });

  it("leaves out edges to nodes that are not there, and repeated ones", () => {
    const edges = [...toolchain.edges, { from: "find", to: "nowhere" }, { from: "start", to: "find" }];
    expect(flowOf({ ...toolchain, edges }).edges).toEqual(flowOf(toolchain).edges);
  });

  it("draws one node of those that share a name, also with start and end", () => {
    const nodes: Toolchain["nodes"] = ["a", "a", "end"].map((id) => ({ id, kind: "llm", messages: [] }));
    expect(flowOf({ nodes, edges: [] }).nodes.map(({ id, kind }) => [id, kind])).toEqual([
      ["start", "start"],
      ["a", "llm"],
      ["end", "end"],
    ]);
  });
});

it("names a node without a title after its id", () => {
  expect(titleOf({ id: "ask_again", title: "" })).toBe("Ask again");
  expect(titleOf({ id: "ask_again", title: "Ask" })).toBe("Ask");
});

it.each([
  [toolchain, true],
  [{ nodes: [], edges: [] }, true],
  [{ nodes: [{ id: "a", kind: "llm" }], edges: [] }, true],
  [null, false],
  [[], false],
  [{ nodes: [] }, false],
  [{ nodes: [{ id: "a", kind: "code" }], edges: [] }, false],
  [{ nodes: [{ id: "a", kind: "branch", cases: [{}], else: "end" }], edges: [] }, false],
  [{ nodes: [{ id: 1, kind: "llm" }], edges: [] }, false],
  [{ nodes: [], edges: [{ from: "a" }] }, false],
])("says whether %j can be drawn", (value, drawable) => expect(isDrawable(value)).toBe(drawable));
