import { describe, expect, it } from "vitest";
import type { Node, Toolchain } from "@/models";
import { arranged } from "./arrange";
import { tidied } from "./align";
import { addNode, addNote, connect, disconnect, freshId, insertNode, removeBoxes, withPlaces } from "./commands";
import { keptOf } from "./keeping";
import { nodesById, partAt } from "./tree";

const join = (id: string): Node => ({ id, kind: "join" });
const line: Toolchain = {
  id: "line",
  title: "Line",
  nodes: [join("a"), join("b"), { id: "each", kind: "map", over: [], body: { nodes: [join("x"), join("y")] } }],
  edges: [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "b", to: "each" },
    { from: "each", to: "end" },
  ],
};
const ways = (toolchain: Toolchain, container: string | null = null) =>
  partAt(toolchain, container)?.edges.map(({ from, to }) => `${from}→${to}`);

describe("adding", () => {
  it("leads from what it follows, and moves nothing else", () => {
    const before = arranged(line).places;
    const next = addNode(line, join("c"), { container: null, at: null, after: { from: "a", exit: { sort: "edge" } } });
    expect(ways(next)).toContain("a→c");
    const after = arranged(next).places;
    for (const [id, at] of before) expect(after.get(id)).toEqual(at);
    expect(after.get("c")).not.toEqual(before.get("b"));
  });

  it("puts a node into a body, whose chain becomes ways", () => {
    const next = addNode(line, join("z"), { container: "each", at: { x: 100, y: 200 } });
    expect(nodesById(next).get("z")?.container).toBe("each");
    expect(ways(next, "each")).toEqual(["start→x", "x→y", "y→end"]);
  });

  it("puts a node on a way, and makes room", () => {
    const next = insertNode(line, join("c"), { from: "a", to: "b", exit: { sort: "edge" }, container: null });
    expect(ways(next)).toEqual(["start→a", "b→each", "each→end", "a→c", "c→b"]);
    const { places } = arranged(next);
    expect((places.get("b")?.x ?? 0) - (places.get("c")?.x ?? 0)).toBeGreaterThan(240);
  });

  it("lets a branch that is put on a way go on there otherwise", () => {
    const branch: Node = { id: "c", kind: "branch", cases: [{ when: { "==": [1, 1] }, to: "" }], else: "" };
    const next = insertNode(line, branch, { from: "a", to: "b", exit: { sort: "edge" }, container: null });
    expect(nodesById(next).get("c")?.node).toMatchObject({ else: "b", cases: [{ to: "" }] });
    expect(ways(next)).not.toContain("c→b");
  });

  it.each([
    ["Search Hybrid", new Set<string>(), "search_hybrid"],
    ["7 up", new Set<string>(), "up"],
    ["llm", new Set(["llm", "llm_2"]), "llm_3"],
    ["start", new Set<string>(), "start_2"],
    ["<script>", new Set<string>(), "script_"],
    ["…", new Set<string>(), "node"],
  ])("calls a node after %j", (wanted, taken, name) => expect(freshId(wanted, taken)).toBe(name));
});

describe("taking away", () => {
  it("lets what came before lead on", () => {
    expect(ways(removeBoxes(line, new Set(["b"])))).toEqual(["start→a", "each→end", "a→each"]);
  });

  it("leaves the ways of a branch that led there open, where none leads on", () => {
    const forked: Toolchain = {
      ...line,
      nodes: [{ id: "which", kind: "branch", cases: [{ when: {}, to: "a" }], else: "end" }, join("a")],
      edges: [{ from: "start", to: "which" }],
    };
    const next = removeBoxes(forked, new Set(["a"]));
    expect(next.nodes).toMatchObject([{ cases: [{ to: "" }], else: "end" }]);
  });

  it("takes what is within, its places, and notes", () => {
    const noted = addNote(withPlaces(line, new Map([["x", { x: 10, y: 80 }]])), { x: 0, y: 0 });
    const next = removeBoxes(noted.toolchain, new Set(["each", `note:${noted.id}`]));
    expect([...keptOf(next).places.keys()]).toEqual(["start", "a", "b", "end"]);
    expect(keptOf(next).notes).toEqual([]);
    expect(ways(next)).toEqual(["start→a", "a→b", "b→end"]);
  });

  it("takes one of several ways", () => {
    expect(ways(disconnect(line, [{ from: "a", to: "b", exit: { sort: "edge" }, container: null }]))).not.toContain(
      "a→b",
    );
  });
});

it("draws a way once, and the way of a failure at its node", () => {
  const way = { from: "a", to: "b", exit: { sort: "edge" as const }, container: null };
  expect(connect(line, way).edges).toHaveLength(4);
  const next = connect(line, { from: "each", to: "b", exit: { sort: "error" }, container: null });
  expect(nodesById(next).get("each")?.node).toMatchObject({ on_error: "b" });
});

it("keeps the identity of what does not change", () => {
  const next = connect(line, { from: "a", to: "each", exit: { sort: "edge" }, container: null });
  expect(next.nodes).toBe(line.nodes);
  expect(next.edges).not.toBe(line.edges);
});

it("tidies up without touching notes", () => {
  const { toolchain } = addNote(withPlaces(line, new Map([["a", { x: 5000, y: 5000 }]])), { x: 7, y: 8 });
  const next = tidied(toolchain);
  expect(keptOf(next).places.get("a")?.x).toBeLessThan(1000);
  expect(keptOf(next).notes).toMatchObject([{ x: 7, y: 8 }]);
});
