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
  expect(needsOf(node)).toEqual({ nodes: ["search", "plan"], state: ["topic"], input: true });
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
  expect(needsOf(node)).toEqual({ nodes: ["split"], state: [], input: false });
});
