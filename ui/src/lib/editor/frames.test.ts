import { describe, expect, it } from "vitest";
import type { Point } from "@/lib/layout";
import type { Node, Toolchain } from "@/models";
import { arranged, GROUP } from "./arrange";
import { canvasOf } from "./canvas";
import { droppedInto, withMoved } from "./frames";
import { nodesById, partAt } from "./tree";

const join = (id: string): Node => ({ id, kind: "join" });
const inner: Node = { id: "inner", kind: "loop", max_iterations: 2, body: { nodes: [join("z")] } };
const toolchain: Toolchain = {
  ...{ id: "t", title: "T" },
  nodes: [
    join("a"),
    join("b"),
    { id: "each", kind: "map", over: [], body: { nodes: [join("x"), join("y"), inner] } },
    { id: "which", kind: "branch", cases: [{ when: { "==": [1, 1] }, to: "a" }], else: "b" },
  ],
  edges: [
    { from: "start", to: "which" },
    { from: "a", to: "b" },
    { from: "b", to: "each" },
    { from: "each", to: "end" },
  ],
};
const NOWHERE = new Map<string, Point>();

function moved(ids: string[], container: string | null, of = toolchain, places = NOWHERE) {
  const result = withMoved(of, new Set(ids), container, places);
  if (result.kind === "refused") throw new Error(result.reason);
  return result;
}
const ways = (of: Toolchain, container: string | null = null) =>
  partAt(of, container)?.edges.map(({ from, to }) => `${from}→${to}`);

describe("another container", () => {
  it("cuts the ways that would cross the frame, and leads on where one way did", () => {
    const { toolchain: next, cut } = moved(["a"], "each");
    expect(nodesById(next).get("a")?.container).toBe("each");
    expect(cut).toBe(2);
    expect(ways(next)).toEqual(["start→which", "b→each", "each→end"]);
    expect(nodesById(next).get("which")?.node).toMatchObject({ cases: [{ to: "b" }], else: "b" });
    expect(ways(next, "each")).toEqual(["start→x", "x→y", "y→inner", "inner→end"]);
  });

  it("takes along the ways among those that go", () => {
    const { toolchain: next, cut } = moved(["x", "y"], null);
    expect(ways(next)).toEqual(expect.arrayContaining(["start→which", "x→y"]));
    expect(ways(next, "each")).toEqual(["inner→end", "start→inner"]);
    expect(cut).toBe(2);
  });

  it("loses the branch's ways to what stays", () => {
    const { toolchain: next } = moved(["which", "a"], "each");
    expect(nodesById(next).get("which")?.node).toMatchObject({ cases: [{ to: "a" }], else: "" });
  });

  it("begins and ends an empty frame with what comes into it", () => {
    const emptied = moved(["z"], null).toolchain;
    expect(partAt(emptied, "inner")?.nodes).toEqual([]);
    expect(ways(moved(["x", "y"], "inner", emptied).toolchain, "inner")).toEqual(["start→x", "x→y", "y→end"]);
  });

  it("leaves everything else where it stands", () => {
    const before = arranged(toolchain).places;
    const places = new Map([["a", { x: -50, y: 300 }]]);
    const after = arranged(moved(["a"], "each", toolchain, places).toolchain).places;
    for (const [id, at] of before) if (id !== "a") expect(after.get(id)).toEqual(at);
    expect(after.get("a")).toEqual({ x: GROUP.margin / 2, y: 300 });
  });

  it.each([
    [["each"], "inner", "into itself"],
    [["a", "x"], "inner", "different frames"],
    [["x"], "each", "already"],
    [["gone"], "each", "Nothing"],
  ])("refuses %j into %s", (ids, container, words) => {
    const result = withMoved(toolchain, new Set(ids), container, NOWHERE);
    expect(result.kind === "refused" && result.reason).toContain(words);
  });
});

describe("what is let go", () => {
  const canvas = canvasOf(toolchain, new Set());
  const corner = (id: string): Point => canvas.boxes.find((box) => box.id === id)?.at ?? { x: 0, y: 0 };
  const over = (id: string, by: Point) => ({ x: corner(id).x + by.x, y: corner(id).y + by.y });

  it("comes into the frame over which its middle is, the innermost", () => {
    expect(droppedInto(canvas, new Map([["a", over("each", { x: 10, y: 70 })]]))).toMatchObject({
      container: "each",
      places: new Map([["a", { x: 10, y: 70 }]]),
    });
    const deep = { x: corner("each").x + corner("inner").x + 10, y: corner("each").y + corner("inner").y + 70 };
    expect(droppedInto(canvas, new Map([["a", deep]]))?.container).toBe("inner");
  });

  it("comes out where its middle is outside, at the place where it was seen", () => {
    const out = droppedInto(canvas, new Map([["x", { x: 40, y: -200 }]]));
    expect(out).toMatchObject({ container: null, places: new Map([["x", over("each", { x: 40, y: -200 })]]) });
    expect(droppedInto(canvas, new Map([["z", { x: 0, y: -100 }]]))?.container).toBe("each");
  });

  it("comes to what is dragged along within the frame already", () => {
    const together = new Map([
      ["a", over("each", { x: 10, y: 70 })],
      ["x", { x: 60, y: 90 }],
    ]);
    expect(droppedInto(canvas, together)).toEqual({
      ...{ ids: new Set(["a"]), container: "each" },
      places: new Map([
        ["a", { x: 10, y: 70 }],
        ["x", { x: 60, y: 90 }],
      ]),
    });
  });

  it("stays where it is when several come to different frames, or nothing changes", () => {
    expect(droppedInto(canvas, new Map([["x", { x: 60, y: 90 }]]))).toBeNull();
    expect(droppedInto(canvas, new Map([["each", over("each", { x: 30, y: 0 })]]))).toBeNull();
    const apart = new Map([
      ["a", over("each", { x: 10, y: 70 })],
      ["b", { x: -900, y: -900 }],
    ]);
    expect(droppedInto(canvas, apart)).toBeNull();
    expect(droppedInto(canvas, new Map([["start", over("each", { x: 10, y: 70 })]]))).toBeNull();
  });
});
