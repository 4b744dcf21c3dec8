import { describe, expect, it } from "vitest";
import { readJson, summary } from "./json";

it.each([
  [[1, 2], "2 items"],
  [[1], "1 item"],
  [{ a: 1, b: 2 }, "{a, b}"],
  [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, "{a, b, c, d, …}"],
  ["x".repeat(100), `${"x".repeat(80)}…`],
  [null, "null"],
  [0.5, "0.5"],
])("sums up %j", (value, words) => expect(summary(value)).toBe(words));

describe("readJson", () => {
  it("reads", () => expect(readJson('{"a": [1]}')).toEqual({ value: { a: [1] }, fault: null }));

  it.each([
    [" \n", "There is nothing here yet."],
    ['{\n  "a": 1,\n}', "Line 3: a name in quotes belongs here, not }"],
    ['{\n  "a": [1,\n]}', "Line 3: a value belongs here, not ]"],
    ["[,]", "Line 1: a value or ] belongs here, not ,"],
    ['{"a": 1\n "b": 2}', 'Line 2: a comma or } belongs here, not "b"'],
    ['{"a" 1}', "Line 1: a colon belongs here, not 1"],
    ["{a: 1}", "Line 1: a name in quotes or } belongs here, not a:"],
    ["{'a': 1}", "Line 1: a name in quotes or } belongs here, not 'a':"],
    ["[01]", "Line 1: a value or ] belongs here, not 01]"],
    ["[1 2]", "Line 1: a comma or ] belongs here, not 2"],
    ['{"a": tru}', "Line 1: a value belongs here, not tru}"],
    ['{"a": "b\nc"}', "Line 1: this text is not closed in its line, or holds a wrong \\."],
    ['["\\q"]', "Line 1: this text is not closed in its line, or holds a wrong \\."],
    ['{\n"a": {"b": [1]', "Line 2: the text ends where a comma or } belongs."],
    ['{"a": 1}\n{}', "Line 2: nothing may follow, but { does."],
    ["]", "Line 1: a value belongs here, not ]"],
  ])("says why %j is not JSON", (text, words) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(readJson(text).fault).toBe(words);
  });
});
