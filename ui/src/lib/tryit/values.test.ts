import { describe, expect, test } from "vitest";
import { cellOf, looksOf, pagesInWords, viewsOf } from "./values";

const HIT = {
  chunk_id: "c",
  document_id: "d",
  document_name: "<b>manual</b>.pdf",
  page: 3,
  page_end: 4,
  start: 10,
  end: 90,
  score: 0.5,
  text: "The pressure is 16 bar.",
};

const views = (value: unknown) => viewsOf(looksOf(value));

describe("the ways to look at a value, the best first", () => {
  test.each([
    [{ hits: [HIT] }, ["passages", "table", "json"]],
    [[{ ...HIT, text: undefined, snippet: "as a source" }], ["passages", "table", "json"]],
    [{ text: "An **answer**", usage: {} }, ["text", "json"]],
    [{ answer: "A run's", sources: [HIT], usage: {} }, ["text", "passages", "table", "json"]],
    [{ summary: "the only field" }, ["text", "json"]],
    [{ id: "no text", n: 5 }, ["json"]],
    ["words", ["text", "json"]],
    [
      [{ a: 1 }, { b: 2 }],
      ["table", "json"],
    ],
    [[{ a: 1 }, 2], ["json"]],
    [{ a: [{ x: 1 }], b: [{ y: 1 }] }, ["json"]],
    [[], ["json"]],
    ["", ["json"]],
    [null, ["json"]],
    [17, ["json"]],
  ])("%j", (value, expected) => {
    expect(views(value)).toEqual(expected);
  });
});

test("a passage knows where it stands", () => {
  const [passage] = looksOf([HIT]).passages ?? [];
  expect(passage).toMatchObject({
    documentName: "<b>manual</b>.pdf",
    place: { page: 3, pageEnd: 4, start: 10, end: 90 },
  });
  expect(passage && pagesInWords(passage)).toBe("pages 3–4");
  expect(pagesInWords({ place: null })).toBe("");
});

test("a table has a column for every key, and none where there are too many", () => {
  expect(looksOf([{ a: 1 }, { b: null }]).table?.columns).toEqual(["a", "b"]);
  const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, index]));
  expect(looksOf([wide]).table).toBeNull();
  expect([cellOf(null), cellOf({ a: 1 }), cellOf("x"), cellOf(false)]).toEqual(["", '{"a":1}', "x", "false"]);
});
