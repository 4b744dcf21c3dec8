import { expect, test } from "vitest";
import type { Node } from "@/models";
import { needsOf } from "./needs";

test("references, templates and conditions are read, literals are not", () => {
  const node: Node = {
    id: "write",
    kind: "llm",
    when: { "!=": [{ ref: "nodes.search.hits" }, []] },
    messages: [
      { role: "system", content: { template: "Of {{ state.topic }}: {{ nodes.plan.text }}" } },
      { role: "user", content: { ref: "input.question" } },
      { role: "user", content: { literal: { ref: "nodes.never" } } },
      { role: "user", content: "nodes.neither" },
      { role: "user", content: { template: "input.never and {{ nodes.plan.steps }}" } },
    ],
  };
  expect(needsOf(node, { nodes: [node] })).toEqual({
    ...{ nodes: ["search", "plan"], state: ["topic"], input: true, round: [] },
  });
});

test("what a map holds is its own", () => {
  const node: Node = {
    id: "each",
    kind: "map",
    over: { ref: "nodes.split.parts" },
    body: {
      nodes: [
        { id: "count", kind: "function", function: "f", input: { q: { ref: "item" } } },
        { id: "add", kind: "function", function: "f", input: { q: { ref: "nodes.count.n" } } },
      ],
    },
  };
  expect(needsOf(node, { nodes: [node] })).toEqual({ nodes: ["split"], state: [], input: false, round: [] });
});

test("of its round a node needs what it reads, and what those around it give", () => {
  const inner: Node = {
    ...{ id: "inner", kind: "map", over: { ref: "item.parts" } },
    body: {
      nodes: [{ id: "add", kind: "function", function: "f", input: { q: { ref: "item" }, n: { ref: "last" } } }],
    },
  };
  const loop: Node = {
    id: "again",
    kind: "loop",
    max_iterations: 3,
    until: { ref: "last.done" },
    body: { nodes: [inner] },
  };
  const outer: Node = { id: "outer", kind: "map", over: { ref: "index" }, body: { nodes: [loop] } };
  const needs = (node: Node) => needsOf(node, { nodes: [outer] }).round;
  expect(needs(inner)).toEqual(["item", "last"]);
  expect(needs(loop)).toEqual(["item"]);
  expect(needs(outer)).toEqual([]);
  const sorted: Node = { id: "s", kind: "branch", cases: [], else: "end", when: { some: [[], { ref: "item.ok" }] } };
  expect(needsOf(sorted, { nodes: [{ ...loop, body: { nodes: [sorted] } }] }).round).toEqual([]);
});
