import { describe, expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { drawnOn, GIVES, isBefore, NEW_OUTPUT, TAKES, type Verdict, verdictOf } from "./connecting";
import { valueLines } from "./flows";
import { referables } from "./references";
import type { Help } from "./results";

const help: Help = new Map([
  [
    "search",
    {
      name: "search",
      description: "",
      node: true,
      request: {
        type: "object",
        required: ["query"],
        properties: { query: { type: "string" }, limit: { anyOf: [{ type: "integer" }, { type: "null" }] } },
      },
      response: {
        type: "object",
        properties: { hits: { type: "array", items: { $ref: "#/$defs/Hit" } }, best: { $ref: "#/$defs/Hit" } },
        $defs: { Hit: { type: "object", properties: { text: { type: "string" }, score: { type: "number" } } } },
      },
    },
  ],
]);
const toolchain: Toolchain = {
  id: "t",
  title: "T",
  input: { type: "object", properties: { question: { type: "string" }, count: { type: "integer" } } },
  state: { found: { type: "array" } },
  nodes: [
    { id: "find", kind: "function", function: "search", input: { query: { ref: "input.question" } } },
    { id: "again", kind: "function", function: "search" },
    { id: "aside", kind: "function", function: "search" },
    {
      id: "each",
      kind: "map",
      over: { ref: "nodes.find.hits" },
      body: {
        nodes: [{ id: "inner", kind: "llm", prompt: { template: "{{ item.text }} {{ nodes.find.best.text }}" } }],
      },
    },
  ],
  edges: [
    { from: "start", to: "find" },
    { from: "find", to: "again" },
    { from: "again", to: "each" },
  ],
};

const way = (source: string, target: string, sourceHandle = "out", targetHandle = "in") =>
  verdictOf(toolchain, { source, target, sourceHandle, targetHandle }, help);
const value = (source: string, given: string, target: string, taken: string) =>
  way(source, target, GIVES + given, TAKES + taken);
const reason = (verdict: Verdict) => (verdict.kind === "refused" ? verdict.reason : null);

describe("ways", () => {
  it("lead on", () => {
    expect(way("each", "end")).toEqual({
      kind: "way",
      way: { from: "each", to: "end", exit: { sort: "edge" }, container: null },
    });
    const open = {
      ...toolchain,
      nodes: toolchain.nodes.map((node) =>
        node.kind === "map" ? { ...node, body: { ...node.body, edges: [] } } : node,
      ),
    };
    const drawn = { source: "inner", sourceHandle: "out", target: "each", targetHandle: "body-end" };
    expect(verdictOf(open, drawn, help)).toMatchObject({ way: { from: "inner", to: "end", container: "each" } });
    expect(way("each", "inner", "body-start")).toEqual({ kind: "refused", reason: "This way is there already." });
  });

  it.each([
    ["find", "find", "A node cannot follow itself"],
    ["each", "find", "make a circle: “Find” leads to “Each”"],
    ["find", "again", "there already"],
    ["find", "inner", "cross the frame of “Each”"],
    ["inner", "end", "cross the frame of “Each”"],
    ["find", "start", "Nothing leads to the start"],
    ["end", "find", "Nothing follows the end"],
  ])("refuse from %s to %s, and say why", (from, to, words) => expect(reason(way(from, to))).toContain(words));
});

describe("values", () => {
  it("pass what fits to a node that begins later", () => {
    const verdict = value("find", "hits", "each", "over");
    expect(verdict).toEqual({ kind: "value", reference: "nodes.find.hits", node: "each", path: "over", way: null });
    expect(value("start", "count", "again", "input.limit")).toMatchObject({ reference: "input.count" });
  });

  it("bring the way along where none leads there yet", () => {
    const verdict = value("again", "best", "aside", "input.query");
    expect(reason(verdict)).toBe("“query” takes text; “best” is an object.");
    const whole = value("again", "hits", "aside", "input.other");
    if (whole.kind === "refused") throw new Error(whole.reason);
    const next = drawnOn(toolchain, whole);
    expect(next.edges).toContainEqual({ from: "again", to: "aside" });
    expect(next.nodes[2]).toMatchObject({ input: { other: { ref: "nodes.again.hits" } } });
  });

  it.each([
    ["find", "hits", "again", "input.limit", "“limit” takes a whole number or nothing; “hits” is a list."],
    ["start", "question", "each", "over", "“over” takes a list; “question” is text."],
    ["each", "", "find", "input.query", "“query” takes text; “each” is a list."],
    ["again", "hits", "find", "input.other", "make a circle"],
    ["find", "hits", "find", "input.query", "cannot take what it gives itself"],
    ["inner", "text", "again", "input.query", "cross the frame"],
  ])("refuse %s.%s for %s.%s, and say why", (from, given, to, taken, words) =>
    expect(reason(value(from, given, to, taken))).toContain(words),
  );

  it("become outputs under names that are free", () => {
    const made = way("find", "end", `${GIVES}hits`, NEW_OUTPUT);
    if (made.kind === "refused") throw new Error(made.reason);
    const next = drawnOn(toolchain, made);
    expect(next.output).toEqual({ hits: { ref: "nodes.find.hits" } });
    expect(
      verdictOf(next, { source: "again", sourceHandle: `${GIVES}hits`, target: "end", targetHandle: NEW_OUTPUT }, help),
    ).toMatchObject({ path: "hits_2" });
  });

  it("and ways do not mix", () => {
    expect(reason(way("find", "again", `${GIVES}hits`, "in"))).toContain("goes to one of the small marks");
    expect(reason(way("find", "again", "out", `${TAKES}input.query`))).toContain("takes a value");
  });
});

it("knows what ends before what, also from within a frame", () => {
  expect(isBefore(toolchain, "find", "inner")).toBe(true);
  expect(isBefore(toolchain, "aside", "inner")).toBe(false);
  expect(isBefore(toolchain, "each", "find")).toBe(false);
});

it("draws the lines of values, of all nodes or of some", () => {
  const drawn = (around: Set<string> | null) =>
    valueLines(toolchain, help, around).map(
      ({ from, fromHandle, to, toHandle }) => `${from} ${fromHandle} ${to} ${toHandle}`,
    );
  expect(drawn(null)).toEqual([
    "start give:question find take:input.query",
    "find give:hits each take:over",
    "find give:best inner take:prompt",
  ]);
  expect(drawn(new Set(["each"]))).toEqual(["find give:hits each take:over"]);
});

it("lists what may be referred to, by where it is", () => {
  const paths = (at: string | null, withResult = false) =>
    referables(toolchain, at, help, withResult).map(({ path }) => path);
  expect(paths("find")).toEqual([
    "input.question",
    "input.count",
    "state.found",
    "run.id",
    "run.thread_id",
    "run.user_id",
    "run.toolchain_id",
  ]);
  expect(paths("inner")).toEqual(expect.arrayContaining(["nodes.find.best.text", "nodes.again.hits", "item", "index"]));
  expect(paths("inner")).not.toContain("nodes.aside");
  expect(paths("find", true)).toEqual(expect.arrayContaining(["result", "result.hits"]));
  expect(paths(null)).toContain("nodes.each");
});
