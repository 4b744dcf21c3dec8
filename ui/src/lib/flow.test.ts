import { describe, expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { findNode, flowOf, isDrawable, titleOf } from "./flow";

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

describe("bodies", () => {
  const nested: Pick<Toolchain, "nodes" | "edges"> = {
    nodes: [
      {
        id: "each",
        kind: "map",
        over: { ref: "input.list" },
        body: {
          nodes: [
            { id: "ask", kind: "llm" },
            {
              id: "rounds",
              kind: "loop",
              max_iterations: 3,
              body: { nodes: [{ id: "try", kind: "code", code: "1" }] },
            },
          ],
        },
      },
    ],
    edges: [],
  };

  it("follow each other as they are listed, without a start or an end", () => {
    const each = flowOf(nested).nodes.find(({ id }) => id === "each");
    expect(each?.detail).toBe("over list");
    expect(each?.body?.nodes.map(({ id }) => id)).toEqual(["ask", "rounds"]);
    expect(each?.body?.edges.map(({ id }) => id)).toEqual(["ask→rounds"]);
    expect(each?.body?.nodes[1]?.body?.nodes.map(({ id }) => id)).toEqual(["try"]);
  });

  it("are searched, too", () => {
    expect(findNode(nested, "try")?.kind).toBe("code");
    expect(findNode(nested, "gone")).toBeNull();
  });
});

it("draws the way that is taken when a node fails", () => {
  const nodes: Toolchain["nodes"] = [
    { id: "a", kind: "http", url: "https://example.org/", on_error: "b" },
    { id: "b", kind: "join" },
  ];
  const { edges } = flowOf({ nodes, edges: [{ from: "a", to: "b" }] });
  expect(edges.map(({ id, label, onError }) => [id, label, onError])).toEqual([
    ["a→b", null, false],
    ["a⇢b", "on error", true],
  ]);
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
  [{ nodes: [{ id: "a", kind: "code" }], edges: [] }, true],
  [{ nodes: [{ id: "a", kind: "juggle" }], edges: [] }, true],
  [{ nodes: [{ id: "a", kind: "toString" }], edges: [] }, true],
  [{ nodes: [{ id: "a", kind: "map" }], edges: [] }, false],
  [{ nodes: [{ id: "a", kind: "map", body: { nodes: [{ id: "b", kind: "llm" }] } }], edges: [] }, true],
  [{ nodes: [{ id: "a", kind: "loop", max_iterations: 2, body: { nodes: [{ id: 1 }] } }], edges: [] }, false],
  [{ nodes: [{ id: "a", kind: "agent" }], edges: [] }, false],
  [{ nodes: [{ id: "a", kind: "branch", cases: [{}], else: "end" }], edges: [] }, false],
  [{ nodes: [{ id: 1, kind: "llm" }], edges: [] }, false],
  [{ nodes: [], edges: [{ from: "a" }] }, false],
])("says whether %j can be drawn", (value, drawable) => expect(isDrawable(value)).toBe(drawable));
