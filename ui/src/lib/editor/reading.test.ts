import { describe, expect, it } from "vitest";
import type { Node, Toolchain } from "@/models";
import { arranged } from "./arrange";
import { canvasOf } from "./canvas";
import { copied, type Fragment, pasted, readPasted } from "./clipboard";
import { keptOf } from "./keeping";
import { MOST_NODES, readToolchain, refusalOf } from "./reading";
import { nodesById } from "./tree";

const EVIL = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
const small: Toolchain = {
  id: "small",
  title: "Small",
  nodes: [
    { id: "a", kind: "join", title: EVIL },
    { id: "b", kind: "llm", prompt: { template: "{{ nodes.a.x }} and {{nodes.b.y}}" }, on_error: "a" },
    { id: "each", kind: "map", over: { ref: "nodes.b.data" }, body: { nodes: [{ id: "inner", kind: "join" }] } },
  ],
  edges: [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "b", to: "each" },
  ],
};

describe("what is to be opened", () => {
  it("is taken when it is a toolchain, faults and all", () => {
    expect(readToolchain(JSON.stringify(small)).toolchain).toEqual(small);
    expect(refusalOf({ ...small, edges: [{ from: "a", to: "gone" }] })).toBeNull();
  });

  it.each([
    ["a text of 5 million characters", `"${"x".repeat(5_000_000)}"`, "5.0 million characters"],
    ["no JSON", "{nodes: []}", "This is not JSON. Line 1"],
    ["another JSON", '{"name": "left-pad", "version": "1.3.0"}', "no list of `nodes`"],
    ["a list", "[1, 2]", "no toolchain"],
    ["null", "null", "no toolchain"],
    ["nodes without names", '{"id": "x", "title": "", "nodes": [{"kind": "llm"}], "edges": []}', "cannot be drawn"],
    ["an input that is none", '{"id": "x", "title": "", "nodes": [], "edges": [], "input": 3}', "are objects"],
    [
      "a toolchain of the future",
      '{"id": "x", "title": "", "nodes": [{"id": "a", "kind": "dream", "of": "sheep"}], "edges": []}',
      "does not know: dream. Update Penstock",
    ],
  ])("is refused when it is %s", (_, text, words) => expect(readToolchain(text).refusal).toContain(words));

  it("is refused when it has 10 000 nodes, those within others counted", () => {
    const nodes: Node[] = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, kind: "join" }));
    expect(refusalOf({ ...small, nodes })).toContain("has 10,000 nodes; 1,000 are the most");
    const within: Node[] = [{ id: "each", kind: "map", over: [], body: { nodes } }];
    expect(refusalOf({ ...small, nodes: within })).toContain("has 10,001 nodes");
    expect(refusalOf({ ...small, nodes: nodes.slice(0, MOST_NODES) })).toBeNull();
  });

  it("is drawn as text, whatever stands in its strings", () => {
    const { boxes } = canvasOf({ ...small, title: EVIL, description: EVIL }, new Set());
    expect(boxes.find(({ id }) => id === "a")?.content).toMatchObject({ node: { title: EVIL } });
  });
});

describe("what others kept in the metadata", () => {
  it("is read with care", () => {
    const editor = {
      places: { a: [1, 2], b: ["1", 2], c: [1e300, 0], d: [NaN, 1], e: 3 },
      notes: [
        { id: "n", text: EVIL, x: 0, y: 0, width: 1e9, tone: "plaid" },
        { id: "n", text: "twice", x: 0, y: 0 },
        7,
      ],
    };
    const kept = keptOf({ metadata: { editor: JSON.parse(JSON.stringify(editor)) as unknown } });
    expect([...kept.places.keys()]).toEqual(["a"]);
    expect(kept.notes).toEqual([{ id: "n", text: EVIL, tone: "yellow", x: 0, y: 0, width: 1200, height: 120 }]);
    expect(keptOf({ metadata: { editor: "no" } }).places.size).toBe(0);
  });
});

describe("copying and pasting", () => {
  const fragmentOf = (text: string | null): Fragment => {
    const read = readPasted(text ?? "");
    if (read.kind !== "fragment") throw new Error(JSON.stringify(read));
    return read.fragment;
  };

  it("takes the ways between along, and renames what is taken, wherever it is named", () => {
    const fragment = fragmentOf(copied(small, new Set(["a", "b", "inner"])));
    const { toolchain, ids, refusal } = pasted(small, fragment, null, null);
    expect(refusal).toBeNull();
    expect(ids).toEqual(["a_2", "b_2", "inner_2"]);
    expect(nodesById(toolchain).get("b_2")?.node).toMatchObject({
      prompt: { template: "{{ nodes.a_2.x }} and {{nodes.b_2.y}}" },
      on_error: "a_2",
    });
    expect(toolchain.edges.slice(3)).toEqual([{ from: "a_2", to: "b_2" }]);
    const { places } = arranged(toolchain);
    expect(places.get("a_2")).toEqual({ x: (places.get("a")?.x ?? 0) + 40, y: (places.get("a")?.y ?? 0) + 40 });
  });

  it("takes what is within a frame along once, and goes into another toolchain and frame", () => {
    const fragment = fragmentOf(copied(small, new Set(["each", "inner"])));
    expect(fragment.nodes.map(({ id }) => id)).toEqual(["each"]);
    const other: Toolchain = { id: "o", title: "O", nodes: [], edges: [] };
    const { toolchain, ids } = pasted(other, fragment, null, { x: 300, y: 100 });
    expect(ids).toEqual(["each"]);
    expect(arranged(toolchain).places.get("each")).toEqual({ x: 300, y: 100 });
    const inside = pasted(small, fragmentOf(copied(small, new Set(["a"]))), "each", null);
    expect(nodesById(inside.toolchain).get("a_2")?.container).toBe("each");
  });

  it("keeps two names apart that change places", () => {
    const nodes: Node[] = [
      { id: "a", kind: "join" },
      { id: "a_2", kind: "emit", event: "state", data: { ref: "nodes.a" } },
    ];
    const fragment = fragmentOf(copied({ ...small, nodes, edges: [] }, new Set(["a", "a_2"])));
    const { toolchain } = pasted(small, fragment, null, null);
    expect(nodesById(toolchain).get("a_2_2")?.node).toMatchObject({
      data: { ref: "nodes.a_2" },
    });
  });

  it("copies nothing where nothing is selected", () => expect(copied(small, new Set(["start", "end"]))).toBeNull());

  it.each([
    ["words", "not JSON"],
    ['{"form": "penstock/nodes", "nodes": 3}', "no list of `nodes`"],
    ['{"form": "penstock/nodes", "nodes": [{"id": "a", "kind": "dream"}]}', "does not know: dream"],
    ['{"form": "penstock/nodes", "nodes": [{"id": "a", "kind": "map"}]}', "cannot be drawn"],
    [`"${"x".repeat(5_000_000)}"`, "5.0 million characters"],
  ])("refuses %.40s", (text, words) => {
    const read = readPasted(text);
    expect(read.kind === "refused" && read.reason).toContain(words);
  });

  it("refuses more nodes than a toolchain may have", () => {
    const many: Node[] = Array.from({ length: 998 }, (_, index) => ({ id: `n${index}`, kind: "join" }));
    const full = { ...small, nodes: many, edges: [] };
    expect(pasted(full, fragmentOf(copied(small, new Set(["a", "b", "each"]))), null, null)).toMatchObject({
      toolchain: full,
      refusal: "With these there would be 1002 nodes; 1000 are the most.",
    });
  });

  it("knows a whole toolchain", () => expect(readPasted(JSON.stringify(small)).kind).toBe("toolchain"));
});
