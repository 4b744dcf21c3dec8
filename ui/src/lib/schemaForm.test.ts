import { describe, expect, it } from "vitest";
import { fieldsOf, initialDrafts, readDrafts } from "./inputForm";

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
const fields = fieldsOf(schema);
const read = (drafts: Parameters<typeof readDrafts>[1]) => readDrafts(fields, { ...initialDrafts(fields), ...drafts });

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
  expect(initialDrafts(fields)).toMatchObject({ top_k: "5", brief: true, language: "de", history: "[]", filter: "" });
});

describe("readDrafts", () => {
  it("leaves out what is empty and sends the rest in its type", () => {
    const { input, faults } = read({ question: "Why?", temperature: "0.5", language: "3", filter: '{"a": 1}' });
    expect(faults).toEqual({});
    expect(input).toEqual({
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

it.each([[undefined], [{}], [{ properties: [] }], [{ type: "object" }]])("has no fields for %j", (given) =>
  expect(fieldsOf(given)).toEqual([]),
);

it("bears properties that are no schemas", () => {
  expect(fieldsOf({ properties: { a: true, b: null } }).map(({ kind }) => kind)).toEqual(["json", "json"]);
});
