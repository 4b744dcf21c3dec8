import { describe, expect, it } from "vitest";
import type { Node, PageDefinition, Toolchain, ToolchainSummary } from "@/models";
import { aligned } from "./align";
import { type Box, canvasOf } from "./canvas";
import { comparisonOf, expressionOf, groupOf, withOperator } from "./expressions";
import { findIn } from "./finding";
import { fits, lookOf, typeInWords, typeNamed } from "./jsonTypes";
import { fieldsOfDefinition, NODE_KINDS } from "./nodeSchemas";
import { found, nameOf, nodeOf, paletteOf } from "./palette";
import { marksOf } from "./ports";
import { previewOf } from "./previews";
import { refusalOf } from "./reading";
import { faultOfName, withInputRenamed, withRenamed, withStateRenamed } from "./rename";
import { inputsOf, outputsOf } from "./results";
import { rowsOf, withNewRow, withoutRow, withRow } from "./schemaTable";
import { inMode, modeOf } from "./valueModes";
import { referencesIn, valueAt, withValueAt } from "./values";

const toolchain: Toolchain = {
  id: "t",
  title: "T",
  state: { answer: { type: "string" }, other: { type: "string" } },
  nodes: [
    {
      id: "ask",
      kind: "llm",
      prompt: { template: "{{ state.answer }}" },
      stream: "answer",
      write: { answer: { ref: "result.text" } },
    },
    { id: "note", kind: "update", changes: [{ op: "set", path: "answer.0", value: { ref: "nodes.ask.text" } }] },
    { id: "which", kind: "branch", cases: [{ when: { empty: { ref: "nodes.ask.data" } }, to: "ask" }], else: "note" },
  ],
  edges: [{ from: "start", to: "ask" }],
  output: { said: { expr: { cat: [{ ref: "nodes.ask.text" }, { literal: { ref: "nodes.ask" } }] } } },
  metadata: { editor: { places: { ask: [1, 2] } } },
};

describe("other names", () => {
  it("are taken over wherever a node is named, but not in literals", () => {
    const next = withRenamed(toolchain, "ask", "question");
    expect(next.edges).toEqual([{ from: "start", to: "question" }]);
    expect(next.nodes[1]).toMatchObject({ changes: [{ value: { ref: "nodes.question.text" } }] });
    expect(next.nodes[2]).toMatchObject({
      cases: [{ when: { empty: { ref: "nodes.question.data" } }, to: "question" }],
    });
    expect(next.output).toEqual({
      said: { expr: { cat: [{ ref: "nodes.question.text" }, { literal: { ref: "nodes.ask" } }] } },
    });
    expect(next.metadata).toEqual({ editor: { places: { question: [1, 2] } } });
  });

  it("are taken over in tests, in pins and on the page", () => {
    const whole: Toolchain = {
      ...toolchain,
      tests: [
        { name: "one", pinned: { ask: 1 }, checks: [{ kind: "equals", of: { ref: "nodes.ask.text" }, value: 1 }] },
      ],
      page: { elements: [{ id: "said", kind: "text", value: { template: "{{ state.answer }} {{ input.q }}" } }] },
      metadata: { pinned: { ask: { text: "hi" }, other: 1 } },
    };
    const next = withInputRenamed(withStateRenamed(withRenamed(whole, "ask", "question"), "answer", "text"), "q", "p");
    expect(next.tests).toMatchObject([{ pinned: { question: 1 }, checks: [{ of: { ref: "nodes.question.text" } }] }]);
    expect(next.page).toMatchObject({ elements: [{ value: { template: "{{ state.text }} {{ input.p }}" } }] });
    expect(next.metadata).toEqual({ pinned: { question: { text: "hi" }, other: 1 } });
  });

  it("are taken over where an input is filled in, and nowhere in what is filled in", () => {
    const data = { ref: "input.q" };
    const whole: Toolchain = {
      ...toolchain,
      tests: [
        { name: "one", input: { q: data, n: 1 }, checks: [{ kind: "schema", of: { ref: "input.q" }, form: data }] },
      ],
      suggestions: [{ title: "One", input: { q: data } }],
      follow_up: { q: "again" },
    };
    const next = withInputRenamed(whole, "q", "p");
    expect(next.tests).toEqual([
      { name: "one", input: { p: data, n: 1 }, checks: [{ kind: "schema", of: { ref: "input.p" }, form: data }] },
    ]);
    expect(next.suggestions).toEqual([{ title: "One", input: { p: data } }]);
    expect(next.follow_up).toEqual({ p: "again" });
  });

  it("are taken over by what stands on the page and by its events", () => {
    const page: PageDefinition = {
      elements: [
        { id: "talk", kind: "chat", on_send: [{ do: "run", input: { question: { ref: "event.text" } } }] },
        {
          id: "row",
          kind: "row",
          children: [
            { id: "ask", kind: "field", to: "input.question" },
            { id: "other", kind: "field", to: "input.question_2" },
            { id: "yes", kind: "button", on_press: [{ do: "answer", node: "ask", value: { ref: "input.question" } }] },
          ],
        },
        {
          ...{ id: "form", kind: "form", fields: ["question", "n"] },
          on_submit: [{ do: "set", to: "input.question", value: { ref: "event.value.question" } }],
        },
        {
          ...{ id: "own", kind: "form", schema: { type: "object" }, fields: ["question"] },
          on_submit: [{ do: "notify", message: { template: "{{ event.value.question }}" } }],
        },
      ],
    };
    const next = withInputRenamed(withRenamed({ ...toolchain, page }, "ask", "asked"), "question", "q").page;
    expect(next?.elements).toMatchObject([
      { question: "q", on_send: [{ input: { q: { ref: "event.text" } } }] },
      {
        children: [
          { id: "ask", to: "input.q" },
          { to: "input.question_2" },
          { on_press: [{ node: "asked", value: { ref: "input.q" } }] },
        ],
      },
      { fields: ["q", "n"], on_submit: [{ to: "input.q", value: { ref: "event.value.q" } }] },
      { fields: ["question"], on_submit: [{ message: { template: "{{ event.value.question }}" } }] },
    ]);
  });

  it("are taken over wherever a key of the state is named", () => {
    const next = withStateRenamed(toolchain, "answer", "text");
    expect(Object.keys(next.state ?? {})).toEqual(["text", "other"]);
    expect(next.nodes[0]).toMatchObject({
      prompt: { template: "{{ state.text }}" },
      stream: "text",
      write: { text: { ref: "result.text" } },
    });
    expect(next.nodes[1]).toMatchObject({ changes: [{ path: "text.0" }] });
  });

  it.each([
    ["ask", null],
    ["fine_2", null],
    ["note", "Another node"],
    ["end", "taken by the toolchain"],
    ["Big", "A small letter"],
    ["<b>", "A small letter"],
  ])("may be %s, or not", (name, words) => {
    const fault = faultOfName(toolchain, "ask", name);
    if (words === null) expect(fault).toBeNull();
    else expect(fault).toContain(words);
  });
});

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
