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
  it("names the line of a fault", () =>
    expect(readJson('{\n  "a": 1,\n}').fault).toMatch(/^This is not JSON: .* in line 3\.$/));
  it("names the line also where the text ends too early", () =>
    expect(readJson('{\n  "a": 1').fault).toMatch(/in line 2\.$/));
  it("does not repeat the text", () => expect(readJson("nonsense everywhere").fault).not.toContain("everywhere"));
  it("says that there is nothing", () => expect(readJson(" \n").fault).toBe("There is nothing here yet."));
});
