import { describe, expect, it } from "vitest";
import { expressionInWords, valueInWords } from "./expression";

const ref = (path: string) => ({ ref: path });

describe("an expression in words", () => {
  it.each([
    [{ empty: [ref("state.hits")] }, "hits is empty"],
    [{ empty: ref("nodes.search.hits") }, "search.hits is empty"],
    [{ not: [{ empty: [ref("state.hits")] }] }, "hits is not empty"],
    [{ "==": [ref("input.language"), "de"] }, "language is “de”"],
    [{ not: [{ "==": [ref("input.language"), "de"] }] }, "language is not “de”"],
    [{ ">": [{ length: [ref("state.found_passages")] }, 3] }, "length of found passages is more than 3"],
    [{ not: [{ ">=": [ref("state.n"), 3] }] }, "n is less than 3"],
    [{ in: [ref("state.kind"), ["pdf", "docx"]] }, "kind is in “pdf”, “docx”"],
    [{ "!=": [ref("state.model"), null] }, "model is not nothing"],
    [{ "==": [ref("state.done"), true] }, "done is true"],
    [{ range: [40] }, "range(40)"],
    [{ starts_with: [ref("state.a"), "x"] }, "starts with(a, “x”)"],
    [{ default: [ref("state.a"), ref("input.b"), 0] }, "a, else b, else 0"],
    [
      { if: [{ ">": [ref("state.n"), 1] }, "many", ref("state.one"), "one", "none"] },
      "“many” if n is more than 1, else “one” if one, else “none”",
    ],
    [{ "*": [{ "+": [ref("state.a"), 1] }, 2] }, "(a + 1) × 2"],
    [{ "-": [ref("state.a")] }, "−a"],
    [{ not: [{ not: [{ empty: [ref("state.a")] }] }] }, "a is empty"],
  ])("%j", (expression, words) => expect(expressionInWords(expression)).toBe(words));

  it("puts brackets where and meets or, and nowhere else", () => {
    const a = { empty: [ref("state.a")] };
    const b = { empty: [ref("state.b")] };
    expect(expressionInWords({ and: [a, { or: [a, b] }] })).toBe("a is empty and (a is empty or b is empty)");
    expect(expressionInWords({ or: [a, { or: [a, b] }] })).toBe("a is empty or a is empty or b is empty");
    expect(expressionInWords({ not: [{ and: [a, b] }] })).toBe("not (a is empty and b is empty)");
  });

  it("shows what it does not know as it is written", () => {
    expect(expressionInWords({ xor: [1, 2] })).toBe('{"xor":[1,2]}');
    expect(expressionInWords("odd")).toBe("“odd”");
  });
});

it("says values", () => {
  expect(valueInWords({ template: "Hi {{ input.name }}" })).toBe("“Hi {{ input.name }}”");
  expect(valueInWords({ literal: { ref: "x" } })).toBe('{"ref":"x"}');
  expect(valueInWords({ expr: { length: [ref("state.a")] } })).toBe("length of a");
  expect(valueInWords([])).toBe("an empty list");
  expect(valueInWords({ a: 1, b: 2 })).toBe('{"a":1,"b":2}');
});
