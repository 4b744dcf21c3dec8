import { expect, test } from "vitest";
import { EMPTY_TRACE, type NodeTrace } from "@/lib/trace";
import { compareRuns } from "./compare";

function side(...nodes: [id: string, parts: Partial<NodeTrace>][]) {
  const made = nodes.map(([id, parts]): [string, NodeTrace] => [
    id,
    {
      ...{ id, kind: "code", status: "completed", startedAt: 0, durationMs: 1, input: null, output: null, error: null },
      ...{ texts: {}, retrying: null, ...parts },
    },
  ]);
  return { trace: { ...EMPTY_TRACE, nodes: new Map(made) }, toolchain: { nodes: [] as never } };
}

test("places are told in the order of the left run, with what differs first of all", () => {
  const left = side(["a", { output: { x: 1, y: 2 } }], ["b", { status: "failed" }], ["c", { input: 1 }], ["d", {}]);
  const right = side(["e", {}], ["a", { output: { y: 2, x: 1 } }], ["b", {}], ["c", { input: 2 }]);
  const rows = compareRuns(left, right);
  expect(rows.map(({ place, differs }) => [place, differs])).toEqual([
    ["a", null],
    ["b", "status"],
    ["c", "input"],
    ["d", "presence"],
    ["e", "presence"],
  ]);
});

test("what a node gave counts more than what it was given", () => {
  const [row] = compareRuns(side(["a", { input: 1, output: 1 }]), side(["a", { input: 2, output: 2 }]));
  expect(row?.differs).toBe("output");
});
