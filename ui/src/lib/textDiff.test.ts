import { describe, expect, it } from "vitest";
import { type DiffPart, diffTexts } from "./textDiff";

const written = (parts: readonly DiffPart[]) =>
  parts.map(({ kind, text }) => (kind === "same" ? text : kind === "added" ? `{+${text}}` : `{-${text}}`)).join("");

describe("diffTexts", () => {
  it.each([
    ["the same", "the same", "the same"],
    ["", "", ""],
    ["", "new", "{+new}"],
    ["old", "", "{-old}"],
    ["It is 16 bar.", "It is 61 bar.", "It is {-16}{+61} bar."],
    ["a b c d", "a c d e", "a {-b }c d{+ e}"],
    ["Größe 1", "Größe 2", "Größe {-1}{+2}"],
    ["<b>x</b>", "<i>x</i>", "<{-b}{+i}>x</{-b}{+i}>"],
  ])("%j to %j", (before, after, parts) => expect(written(diffTexts(before, after))).toBe(parts));

  it("gives back both texts", () => {
    const before = "one two three four five six seven";
    const after = "two one three five six eight seven nine";
    const parts = diffTexts(before, after);
    const side = (kind: string) => parts.map((part) => (part.kind === kind || part.kind === "same" ? part.text : ""));
    expect(side("removed").join("")).toBe(before);
    expect(side("added").join("")).toBe(after);
  });

  it("compares what is very long as a whole", () => {
    const before = Array.from({ length: 2000 }, (_, n) => `a${n}`).join(" ");
    const after = Array.from({ length: 2000 }, (_, n) => `b${n}`).join(" ");
    expect(diffTexts(before, after)).toEqual([
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ]);
  });
});
