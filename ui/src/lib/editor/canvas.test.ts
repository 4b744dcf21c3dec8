import { describe, expect, it } from "vitest";
import type { Node, Toolchain } from "@/models";
import { BODY_END, BODY_START, canvasOf } from "./canvas";
import { replaceNode, withPlaces } from "./commands";
import { placedFaults } from "./faults";

const toolchain: Toolchain = {
  id: "t",
  title: "T",
  nodes: [
    {
      id: "which",
      kind: "branch",
      cases: [
        { when: { empty: { ref: "input.q" } }, to: "each" },
        { when: { "==": [1, 1] }, to: "each" },
      ],
      else: "end",
    },
    {
      id: "each",
      kind: "map",
      over: [],
      on_error: "end",
      body: {
        nodes: [
          { id: "x", kind: "join" },
          { id: "y", kind: "join" },
        ],
      },
    },
  ],
  edges: [
    { from: "start", to: "which" },
    { from: "each", to: "end" },
    { from: "each", to: "nowhere" },
  ],
};
const NOTHING = new Set<string>();

describe("the canvas", () => {
  const { boxes, lines } = canvasOf(toolchain, NOTHING);

  it("draws what holds others before them, their places within it", () => {
    expect(boxes.map(({ id, container }) => [id, container])).toEqual([
      ["start", null],
      ["which", null],
      ["each", null],
      ["x", "each"],
      ["y", "each"],
      ["end", null],
    ]);
    const [each, y] = ["each", "y"].map((id) => boxes.find((box) => box.id === id));
    expect((y?.at.x ?? 0) + (y?.width ?? 0)).toBeLessThan(each?.width ?? 0);
    expect(y?.at.y).toBeGreaterThan(60);
  });

  it("draws every way by itself: two cases may lead to one node", () => {
    expect(lines.map(({ from, fromHandle, to, toHandle }) => `${from}:${fromHandle} ${to}:${toHandle}`).sort()).toEqual(
      [
        `each:${BODY_START} x:in`,
        "each:error end:in",
        "each:out end:in",
        "start:out which:in",
        "which:case:0 each:in",
        "which:case:1 each:in",
        "which:else end:in",
        "x:out y:in",
        `y:out each:${BODY_END}`,
      ],
    );
  });

  it("says the conditions of a branch in words", () => {
    const which = boxes.find(({ id }) => id === "which");
    expect(which?.content).toMatchObject({ rows: ["q is empty", "1 is 1", "otherwise"] });
    expect(which?.height).toBe(64 + 3 * 26);
  });

  it("keeps the boxes and lines that did not change", () => {
    const before = canvasOf(toolchain, NOTHING);
    const titled = replaceNode(toolchain, { ...(toolchain.nodes[1] as Node), title: "Other" });
    const after = canvasOf(titled, NOTHING, before);
    const kept = after.boxes.filter((box) => before.boxes.includes(box)).map(({ id }) => id);
    expect(kept).toEqual(["start", "which", "x", "y", "end"]);
    expect(after.lines).toBe(before.lines);
    const moved = canvasOf(withPlaces(toolchain, new Map([["which", { x: 500, y: 0 }]])), NOTHING, before);
    expect(moved.boxes.filter((box) => !before.boxes.includes(box)).map(({ id }) => id)).toEqual(["which"]);
  });

  it("draws the first of two nodes of one name, and no node called start", () => {
    const nodes: Node[] = [
      { id: "a", kind: "join" },
      { id: "a", kind: "join" },
      { id: "start", kind: "join" },
    ];
    expect(canvasOf({ ...toolchain, nodes, edges: [] }, NOTHING).boxes.map(({ id }) => id)).toEqual([
      "start",
      "a",
      "end",
    ]);
  });

  it("gives an opened subchain room", () => {
    const nodes: Node[] = [{ id: "sub", kind: "subchain", toolchain: "rag" }];
    const box = canvasOf({ ...toolchain, nodes, edges: [] }, new Set(["sub"])).boxes.find(({ id }) => id === "sub");
    expect(box?.content.sort).toBe("opened");
    expect(box?.width).toBeGreaterThan(400);
  });
});

it.each([
  ["nodes[0].cases[1].to", "which", "/which:case:1→each", "cases[1].to"],
  ["nodes[1].body.nodes[0].when", "x", null, "when"],
  ["nodes[1].on_error", "each", "/each:error→end", "on_error"],
  ["nodes[1].body.edges[0]", "each", "each/start:out→x", "body.edges[0]"],
  ["edges[0].to", null, "/start:out→which", "edges[0].to"],
  ["input.type", null, null, "input.type"],
  ["$", null, null, "$"],
  ["nodes[9].id", null, null, "nodes[9].id"],
])("finds what the fault of %s is about", (path, node, line, field) => {
  expect(placedFaults(toolchain, [{ path, message: "…" }])).toEqual([{ path, message: "…", node, line, field }]);
});
