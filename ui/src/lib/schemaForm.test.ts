import { describe, expect, it } from "vitest";
import { type Drafts, fieldsOf, formOf, initialDrafts, readForm } from "./schemaForm";

const schema = {
  type: "object",
  required: ["question", "top_k"],
  properties: {
    question: { type: "string", maxLength: 16384, title: "Question" },
    model: { type: ["string", "null"], default: null },
    collection_ids: { type: "array", items: { type: "string" }, default: [] },
    top_k: { type: "integer", minimum: 1, maximum: 50, default: 5 },
    temperature: { type: "number" },
    brief: { type: "boolean", default: true },
    language: { enum: ["en", "de", 3], default: "de" },
    history: { type: "array", items: { type: "object" }, default: [] },
    filter: { type: ["object", "null"], default: null },
    either: { type: ["string", "integer"], description: "One or the other" },
  },
};
const form = formOf(schema);
const fields = fieldsOf(form);
const read = (drafts: Drafts) => readForm(form, { ...initialDrafts(form), ...drafts });

it("has a field for every property", () => {
  expect(Object.fromEntries(fields.map(({ name, kind }) => [name, kind]))).toEqual({
    question: "text",
    model: "line",
    collection_ids: "texts",
    top_k: "integer",
    temperature: "number",
    brief: "switch",
    language: "choice",
    history: "json",
    filter: "json",
    either: "json",
  });
  expect(fields.find(({ name }) => name === "collection_ids")?.title).toBe("Collection ids");
  expect(fields.find(({ name }) => name === "either")?.description).toBe("One or the other");
  expect(fields.filter(({ required }) => required).map(({ name }) => name)).toEqual(["question", "top_k"]);
});

it("begins with the schema's defaults", () => {
  expect(initialDrafts(form)).toMatchObject({ top_k: "5", brief: true, language: "de", history: "[]", filter: "" });
});

describe("readDrafts", () => {
  it("leaves out what is empty and sends the rest in its type", () => {
    const { value, faults } = read({ question: "Why?", temperature: "0.5", language: "3", filter: '{"a": 1}' });
    expect(faults).toEqual({});
    expect(value).toEqual({
      question: "Why?",
      top_k: 5,
      temperature: 0.5,
      brief: true,
      language: 3,
      history: [],
      filter: { a: 1 },
    });
  });

  it("names every fault at its field", () => {
    const { faults } = read({ question: "  ", top_k: "51", temperature: "warm", history: "[1" });
    expect(faults).toMatchObject({
      question: "This is needed.",
      top_k: "This must be at most 50.",
      temperature: "This is not a number.",
    });
    expect(faults["history"]).toMatch(/^Line 1: /);
    expect(read({ question: "a", top_k: "1.5" }).faults).toEqual({ top_k: "This must be a whole number." });
    expect(read({ question: "a", top_k: "0" }).faults).toEqual({ top_k: "This must be at least 1." });
  });
});

it.each([[undefined], [{}], [{ properties: [] }], [{ type: "object" }], [{ type: "object", properties: {} }]])(
  "is one value as JSON for %j",
  (given) => {
    const whole = formOf(given);
    expect(fieldsOf(whole).map(({ kind, path }) => [kind, path])).toEqual([["json", ""]]);
    expect(readForm(whole, { "": '{"a": 1}' })).toEqual({ value: { a: 1 }, faults: {} });
    expect(readForm(whole, { "": "{" }).faults[""]).toMatch(/^Line 1/);
    expect(readForm(whole, { "": "" })).toEqual({ value: undefined, faults: {} });
  },
);

it("bears properties that are no schemas", () => {
  expect(fieldsOf(formOf({ properties: { a: true, b: null } })).map(({ kind }) => kind)).toEqual(["json", "json"]);
});

it("is one field for a value that is no object", () => {
  const text = formOf({ type: "string", title: "Your name" });
  expect(readForm(text, { "": "Ann" })).toEqual({ value: "Ann", faults: {} });
  expect(readForm(formOf({ enum: [1, 2] }), { "": "2" }).value).toBe(2);
});

describe("nested objects", () => {
  const nested = formOf({
    type: "object",
    required: ["to"],
    properties: {
      to: { $ref: "#/$defs/person" },
      copy: { $ref: "#/$defs/person" },
      kinds: { type: "array", items: { enum: ["a", 2] }, default: [2] },
      level: { oneOf: [{ const: 1, title: "Low" }, { const: 2 }] },
      mixed: { oneOf: [{ const: 1 }, { type: "string" }] },
    },
    $defs: {
      person: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, vip: { type: "boolean" } },
      },
    },
  });

  it("get fields of their own, also by reference", () => {
    expect(nested.fields.map(({ path, kind }) => [path, kind])).toEqual([
      ["to", "group"],
      ["copy", "group"],
      ["kinds", "choices"],
      ["level", "choice"],
      ["mixed", "json"],
    ]);
    expect(nested.fields[0]?.fields.map(({ path }) => path)).toEqual(["to.name", "to.vip"]);
    expect(Object.keys(initialDrafts(nested))).toEqual([
      "to.name",
      "to.vip",
      "copy.name",
      "copy.vip",
      "kinds",
      "level",
      "mixed",
    ]);
  });

  it("are left out when nobody touched them and they are not needed", () => {
    const drafts = initialDrafts(nested);
    expect(readForm(nested, { ...drafts, "to.name": "Ann", level: "Low" })).toEqual({
      value: { to: { name: "Ann", vip: false }, kinds: [2], level: 1 },
      faults: {},
    });
    expect(readForm(nested, { ...drafts, "copy.vip": true }).faults).toEqual({
      "to.name": "This is needed.",
      "copy.name": "This is needed.",
    });
  });

  it("end in JSON where they are deep or go round in circles", () => {
    const round = formOf({ type: "object", properties: { next: { $ref: "#" } } });
    let field = round;
    for (let depth = 0; field.kind === "group"; depth++) {
      expect(depth).toBeLessThan(6);
      field = field.fields[0] ?? field;
    }
    expect(field.kind).toBe("json");
    expect(fieldsOf(formOf({ $ref: "#" })).length).toBe(1);
  });
});

it("begins with a value in the place of the defaults", () => {
  const begun = formOf(schema, { question: "Why?", language: "en", collection_ids: ["c"], filter: { a: 1 } });
  expect(initialDrafts(begun)).toMatchObject({ question: "Why?", language: "en", top_k: "5", collection_ids: ["c"] });
  expect(readForm(begun, initialDrafts(begun)).value).toMatchObject({ filter: { a: 1 } });
});

it("takes a value that may be null for one that may be left empty", () => {
  const schema = {
    type: "object",
    properties: {
      tokens: { anyOf: [{ type: "integer", minimum: 8 }, { type: "null" }], default: null, description: "How many." },
      precision: { anyOf: [{ $ref: "#/$defs/P" }, { type: "null" }] },
      either: { anyOf: [{ type: "integer" }, { type: "string" }] },
    },
    $defs: { P: { enum: ["fp32", "int8"] } },
  };
  const fields = fieldsOf(formOf(schema));
  expect(fields.map(({ kind }) => kind)).toEqual(["integer", "choice", "json"]);
  expect(fields[0]).toMatchObject({ minimum: 8, description: "How many." });
  expect(readForm(formOf(schema), initialDrafts(formOf(schema))).value).toEqual({});
});
