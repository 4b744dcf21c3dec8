import { describe, expect, it } from "vitest";
import type { Node, ToolchainSummary } from "@/models";
import { aligned } from "./align";
import { ANSWERING as toolchain } from "./answering";
import { type Box, canvasOf } from "./canvas";
import { comparisonOf, expressionOf, groupOf, withOperator } from "./expressions";
import { findIn } from "./finding";
import { fits, lookOf, typeInWords, typeNamed } from "./jsonTypes";
import { fieldsOfDefinition, NODE_KINDS } from "./nodeSchemas";
import { found, nameOf, nodeOf, paletteOf } from "./palette";
import { marksOf } from "./ports";
import { previewOf } from "./previews";
import { refusalOf } from "./reading";
import { inputsOf, outputsOf } from "./results";
import { rowsOf, withNewRow, withoutRow, withRow } from "./schemaTable";
import { inMode, modeOf } from "./valueModes";
import { referencesIn, valueAt, withValueAt } from "./values";

describe("the palette", () => {
  const help = { name: "search_it", description: "Finds it. Then more.", node: true, request: {}, response: null };
  const summary = { id: "rag", title: "Answer", description: "Answers." } as ToolchainSummary;
  const items = paletteOf([help, { ...help, name: "login", node: false }], [summary], (kind) => `${kind}!`);

  it("has every kind of nodes, every function that a node may call, every toolchain", () => {
    const kinds = [...NODE_KINDS.keys()].filter((kind) => kind !== "function" && kind !== "subchain");
    expect(items.filter(({ group }) => group === "Steps").map(({ kind }) => kind)).toEqual(kinds);
    expect(items.slice(kinds.length).map(({ title, summary: said }) => [title, said])).toEqual([
      ["Search it", "Finds it."],
      ["Answer", "Answers."],
    ]);
  });

  it("makes nodes that can be drawn", () => {
    for (const item of items) {
      const node = nodeOf(item, nameOf(item));
      expect(refusalOf({ id: "x", title: "", nodes: [node], edges: [] })).toBeNull();
      expect(canvasOf({ id: "x", title: "", nodes: [node], edges: [] }, new Set()).boxes).toHaveLength(3);
    }
  });

  it("is searched by title first", () => {
    expect(found(items, "ANSWER").map(({ title }) => title)[0]).toBe("Answer");
    expect(found(items, "finds it")).toHaveLength(1);
    expect(found(items, "nowhere to be found")).toEqual([]);
  });
});

describe("what nodes take and give", () => {
  const llm: Node = {
    id: "a",
    kind: "llm",
    answer_schema: { type: "object", properties: { topic: { type: "string" } } },
  };

  it("follows from the schema of their kind", () => {
    expect(inputsOf(llm, new Map()).map(({ path }) => path)).toEqual(["model", "messages", "prompt", "cite"]);
    expect(outputsOf(llm, new Map()).map(({ name, type }) => `${name} ${lookOf(type)}`)).toEqual([
      "text string",
      "data object",
      "tool_calls array",
      "finish_reason string",
      "usage object",
      "citations array",
    ]);
    expect(outputsOf({ id: "m", kind: "map", over: [], body: { nodes: [] } }, new Map())).toMatchObject([{ path: "" }]);
    expect(outputsOf({ id: "j", kind: "join" }, new Map())).toEqual([]);
  });

  it("stands at the edges of its box", () => {
    const box = canvasOf({ ...toolchain, nodes: [llm] }, new Set()).boxes.find(({ id }) => id === "a") as Box;
    const marks = marksOf(box, toolchain, new Map());
    expect(marks.filter(({ gives }) => gives)).toHaveLength(6);
    expect(Math.max(...marks.map(({ x }) => x))).toBeLessThan(box.width);
  });

  it("knows the fields of what a kind builds upon", () => {
    const names = NODE_KINDS.get("http")?.fields.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(["id", "when", "retry", "on_error", "url", "accept_status"]));
    expect(fieldsOfDefinition({ properties: { a: {} }, required: ["a"] })).toMatchObject([
      { name: "a", required: true },
    ]);
  });
});

describe("types", () => {
  it.each([
    [["integer"], ["number"], true],
    [["number"], ["integer"], false],
    [["string", "null"], ["string"], true],
    [[], ["array"], true],
    [["object"], ["array"], false],
  ])("%j fits %j: %s", (given, wanted, fit) => expect(fits(typeNamed(...given), typeNamed(...wanted))).toBe(fit));

  it("are said in words", () => expect(typeInWords(typeNamed("null", "array"))).toBe("a list or nothing"));
});

describe("values", () => {
  it("are put in and taken out by path", () => {
    const node = { id: "a", input: { x: 1 } };
    expect(withValueAt(node, "input.y", 2)).toEqual({ id: "a", input: { x: 1, y: 2 } });
    expect(withValueAt(node, "input.x", undefined)).toEqual({ id: "a", input: {} });
    expect(valueAt({ a: [{ b: 1 }] }, "a.-1.b")).toBe(1);
    expect(valueAt({}, "toString")).toBeUndefined();
  });

  it("name what they refer to", () => {
    expect(
      referencesIn({ a: [{ ref: "x.y" }, { template: "{{ p }} {{q.r}}" }], b: { literal: { ref: "no" } } }),
    ).toEqual(["x.y", "p", "q.r"]);
  });

  it.each([
    [{ ref: "a" }, [], "ref"],
    [{ template: "a" }, [], "template"],
    ["text", ["string"], "plain"],
    ["text", ["integer"], "json"],
    [3, ["integer"], "plain"],
    [[1], ["array"], "json"],
    [undefined, ["array"], "ref"],
    [undefined, ["string"], "plain"],
    [{ literal: 1 }, [], "json"],
  ])("%j of %j is written as %s", (value, type, mode) => expect(modeOf(value, typeNamed(...type))).toBe(mode));

  it("are written in another way", () => {
    expect(inMode({ ref: "input.q" }, "template")).toEqual({ template: "{{ input.q }}" });
    expect(inMode("a", "ref")).toEqual({ ref: "a" });
    expect(inMode([1], "plain")).toBeUndefined();
  });

  it("show what they were in the last run", () => {
    const run = { output: { hits: [{ text: "16 bar" }] } } as never;
    expect(previewOf("nodes.find.hits.0.text", new Map([["find", run]]))).toBe("16 bar");
    expect(previewOf("nodes.gone.hits", new Map([["find", run]]))).toBeNull();
  });
});

describe("conditions", () => {
  it("are comparisons, several of them, or more than a form shows", () => {
    expect(comparisonOf({ ">": [{ ref: "a" }, 3] })).toEqual({ operator: ">", operands: [{ ref: "a" }, 3] });
    expect(comparisonOf({ empty: { ref: "a" } })).toEqual({ operator: "empty", operands: [{ ref: "a" }] });
    expect(comparisonOf({ cat: ["a"] })).toBeNull();
    expect(comparisonOf({ ref: "a" })).toBeNull();
    expect(groupOf({ or: [{ "==": [1, 1] }, { not: { ref: "a" } }] })?.operator).toBe("or");
    expect(groupOf({ or: [true] })).toBeNull();
  });

  it("keep their operands under another operator", () => {
    expect(expressionOf(withOperator({ operator: "==", operands: ["a", "b"] }, "empty"))).toEqual({ empty: ["a"] });
    expect(expressionOf(withOperator({ operator: "empty", operands: ["a"] }, "=="))).toEqual({ "==": ["a", ""] });
  });
});

describe("the table of a schema", () => {
  const schema = {
    type: "object",
    required: ["q"],
    properties: { q: { type: "string", minLength: 1 }, n: { type: ["integer", "null"] }, any: {}, odd: { anyOf: [] } },
  };

  it("has a row a property", () => {
    expect(rowsOf(schema).map(({ name, type, nullable, required }) => [name, type, nullable, required])).toEqual([
      ["q", "string", false, true],
      ["n", "integer", true, false],
      ["any", "any", false, false],
      ["odd", "other", false, false],
    ]);
  });

  it("keeps what it has no column for", () => {
    const renamed = withRow(schema, "q", { name: "question", title: "Question" });
    expect(renamed).toMatchObject({
      required: ["question"],
      properties: { question: { type: "string", minLength: 1, title: "Question" } },
    });
    expect(withRow(schema, "q", { required: false })).not.toHaveProperty("required");
    expect(withoutRow(schema, "q")).toEqual({
      type: "object",
      properties: { n: schema.properties.n, any: {}, odd: { anyOf: [] } },
    });
    expect(Object.keys(withNewRow(withNewRow({}))["properties"] as object)).toEqual(["field", "field_2"]);
  });
});

it("finds words in titles, fields and notes", () => {
  const metadata = { editor: { notes: [{ id: "n", text: "Mind the gap", x: 0, y: 0 }] } };
  expect(findIn({ ...toolchain, metadata }, "the GAP")).toEqual([
    { id: "note:n", title: "Note", excerpt: "Mind the gap" },
  ]);
  expect(findIn(toolchain, "result.text")).toMatchObject([{ id: "ask" }]);
  expect(findIn(toolchain, "  ")).toEqual([]);
});

it("puts boxes in line and spaces them evenly", () => {
  const boxes = [0, 100, 400].map(
    (x, index) => ({ id: String(index), container: null, at: { x, y: index * 7 }, width: 50, height: 20 }) as Box,
  );
  expect([...aligned(boxes, "top").values()].map(({ y }) => y)).toEqual([0, 0, 0]);
  expect([...aligned(boxes, "right").values()].map(({ x }) => x)).toEqual([400, 400, 400]);
  expect([...aligned(boxes, "across").values()].map(({ x }) => x)).toEqual([0, 200, 400]);
  expect(aligned(boxes.slice(0, 1), "left").size).toBe(0);
});
