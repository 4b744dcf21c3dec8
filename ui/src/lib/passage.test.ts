import { describe, expect, it } from "vitest";
import { locatePassage, rangeOnPage } from "./passage";

const HAMMER = "The pressure in the pipe rises when the gate closes quickly: this is called water hammer.";

function words(items: string[], passage: string): string[] {
  return locatePassage(items, passage).map(({ item, start, end }) => (items[item] ?? "").slice(start, end));
}

describe("locatePassage", () => {
  it("finds a passage over lines, without what surrounds it", () => {
    const items = [
      "Some heading",
      "Before it. The pressure in the pipe rises when",
      " ",
      "the gate closes quickly: this is called water hammer. After",
      "it.",
    ];
    expect(words(items, HAMMER)).toEqual([
      "The pressure in the pipe rises when",
      "the gate closes quickly: this is called water hammer.",
    ]);
  });

  it("looks past hyphens at line ends, ligatures, quotes and case", () => {
    const items = ["The ﬁne “water ham-", "mer” is  e\u00adxplained."];
    expect(words(items, 'the fine "water hammer" is explained')).toEqual([
      "The ﬁne “water ham-",
      "mer” is  e\u00adxplained.",
    ]);
  });

  it("finds the part that is on this page of a passage over two pages", () => {
    const items = ["this is called water hammer. A surge", "tank takes up the shock."];
    const passage = `${HAMMER} A surge tank takes up the shock.`;
    expect(words(items, passage).join(" ")).toContain("this is called water hammer. A surge tank takes up the shock");
  });

  it("bears a footer in the middle of the passage", () => {
    const items = [
      "The pressure in the pipe rises when the gate",
      "Handbook 12",
      "closes quickly: this is called water hammer.",
    ];
    const found = words(items, HAMMER);
    expect(found[0]).toMatch(/^The pressure/);
    expect(found.at(-1)).toMatch(/hammer\.$/);
  });

  it("takes the place with the most agreement when a phrase repeats", () => {
    const items = ["the gate closes quickly here too", "x".repeat(300), HAMMER.replace("pipe", "long pipe")];
    expect(locatePassage(items, HAMMER).map(({ item }) => item)).toEqual([2]);
  });

  it.each([["Another text altogether, with nothing in common."], [""], ["…"], ["pipe gate"]])(
    "finds nothing for %j",
    (passage) => {
      expect(locatePassage([HAMMER], passage)).toEqual([]);
    },
  );

  it("counts characters beyond the basic plane", () => {
    expect(words(["𝒜lpha 😀 beta 𝟗 gamma"], "alpha beta 9")).toEqual(["𝒜lpha 😀 beta 𝟗"]);
  });

  it("finds nothing on a page without text", () => expect(locatePassage([], HAMMER)).toEqual([]));
});

it("knows which part of a passage is on a page", () => {
  const passage = { page: 2, page_end: 4, start: 10, end: 20 };
  expect(rangeOnPage(passage, 1)).toBeNull();
  expect(rangeOnPage(passage, 2)).toEqual([10, Number.MAX_SAFE_INTEGER]);
  expect(rangeOnPage(passage, 3)).toEqual([0, Number.MAX_SAFE_INTEGER]);
  expect(rangeOnPage(passage, 4)).toEqual([0, 20]);
});
