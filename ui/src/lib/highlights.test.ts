import { describe, expect, it } from "vitest";
import type { Span } from "@/models";
import { highlighted, trimmed } from "./highlights";

/** The pieces as one text, what is marked in brackets. */
function shown(text: string, ...spans: [start: number, end: number][]): string {
  const marks: Span[] = spans.map(([start, end]) => ({ start, end }));
  return highlighted(text, marks)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("");
}

describe("highlighted", () => {
  it("marks words", () => expect(shown("the gate closes", [4, 8])).toBe("the [gate] closes"));
  it("takes spans in any order", () => expect(shown("abcdef", [4, 5], [0, 2])).toBe("[ab]cd[e]f"));
  it("makes one of spans that touch or overlap", () =>
    expect(shown("abcdef", [1, 3], [2, 4], [4, 5])).toBe("a[bcde]f"));
  it("counts code points", () => expect(shown("😀 𝒜b c", [2, 4])).toBe("😀 [𝒜b] c"));
  it("bears spans beyond the text, empty ones and none", () => {
    expect(shown("abc", [2, 99], [50, 60], [1, 1])).toBe("ab[c]");
    expect(shown("abc", [0, 3], [1, 2])).toBe("[abc]");
    expect(shown("abc")).toBe("abc");
    expect(highlighted("", [{ start: 0, end: 4 }])).toEqual([]);
  });
});

it("trims a snippet, and its marks stay on their words", () => {
  const { text, spans } = trimmed({ text: "\n\n 😀 the gate\n", highlights: [{ start: 9, end: 13 }] });
  expect(highlighted(text, spans)).toEqual([
    { text: "😀 the ", marked: false },
    { text: "gate", marked: true },
  ]);
});
