import { expect, test } from "vitest";
import type { Node, Toolchain } from "@/models";
import { changesOf } from "./changes";

const code = (id: string, text = "1"): Node => ({ id, kind: "code", code: text });
const chain = (...nodes: Node[]): Pick<Toolchain, "nodes" | "edges"> => {
  const ids = ["start", ...nodes.map(({ id }) => id), "end"];
  return {
    nodes: nodes,
    edges: ids.slice(1).map((to, index) => ({ from: ids[index] ?? "", to })),
  };
};

test("nodes and edges of both are drawn, those of one alone marked", () => {
  const { union, nodes, edges } = changesOf(
    chain(code("a"), code("b"), code("c")),
    chain(code("a", "2"), code("c"), code("d")),
  );
  expect(union.nodes.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  expect(Object.fromEntries(nodes)).toEqual({ a: "changed", b: "removed", d: "added" });
  expect(Object.fromEntries(edges)).toEqual({
    "a→b": "removed",
    "b→c": "removed",
    "a→c": "added",
    "c→end": "removed",
    "c→d": "added",
    "d→end": "added",
  });
});

test("within a map only what changed is marked", () => {
  const map = (...nodes: Node[]): Node => ({ id: "each", kind: "map", over: [1], body: { nodes: nodes } });
  const { union, nodes } = changesOf(chain(map(code("a"), code("b"))), chain(map(code("a"), code("c"))));
  expect(Object.fromEntries(nodes)).toEqual({ b: "removed", c: "added" });
  const [each] = union.nodes;
  expect(each?.kind === "map" && each.body.nodes.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("two that say the same", () => {
  const { nodes, edges } = changesOf(chain(code("a")), chain({ kind: "code", code: "1", id: "a" }));
  expect([nodes.size, edges.size]).toEqual([0, 0]);
});
