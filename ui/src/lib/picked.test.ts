import { describe, expect, it } from "vitest";
import { pickedInWords, pickedOf } from "./picked";

const KNOWN = [
  { id: "a", name: "Manuals" },
  { id: "b", name: "Letters" },
];

describe("pickedOf", () => {
  it("tells what is there from what is gone", () =>
    expect(pickedOf(["b", "x", "a"], KNOWN)).toEqual({ there: ["b", "a"], gone: ["x"] }));
  it("says nothing of collections that are not known yet", () =>
    expect(pickedOf(["x"], undefined)).toEqual({ there: ["x"], gone: [] }));
});

describe("pickedInWords", () => {
  it.each([
    [[], "All collections"],
    [["a"], "Manuals"],
    [["a", "b"], "2 collections"],
    [["x"], "1 missing collection"],
    [["x", "y"], "2 missing collections"],
    [["a", "x"], "1 missing, Manuals"],
    [["a", "b", "x", "y"], "2 missing, 2 collections"],
  ])("of %j is %s", (ids, words) => expect(pickedInWords(ids, KNOWN)).toBe(words));
  it("never says all where some were chosen", () => expect(pickedInWords(["x"], undefined)).toBe("1 collection"));
});
