import { describe, expect, it } from "vitest";
import type { Chunk, DocumentPage } from "@/models";
import { markedRanges, markedRects, type Passage, textPieces } from "./marks";

const TEXT = "😀 Intro.\nThe pump runs at 16 bar.\nIt was built in 2023 by Halden.";
const START = 9;
const END = 65;

const PAGE: DocumentPage = {
  document_id: "d",
  page: 2,
  page_count: 3,
  text: TEXT,
  lines: [
    { start: 0, end: 8, x0: 0.1, y0: 0.1, x1: 0.3, y1: 0.12 },
    { start: 9, end: 33, x0: 0.1, y0: 0.2, x1: 0.8, y1: 0.22 },
    { start: 34, end: 65, x0: 0.1, y0: 0.3, x1: 0.9, y1: 0.32 },
  ],
};

function passage(fields: Partial<Passage>): Passage {
  return { page: 2, page_end: 2, start: START, end: END, snippet: TEXT.slice(10), claim: null, ...fields };
}

const slice = ([start, end]: [number, number]) => Array.from(TEXT).slice(start, end).join("");

describe("markedRanges", () => {
  it("is the part of the passage on the page", () => {
    expect(markedRanges(PAGE, passage({}))).toEqual({ passage: [START, END], support: null });
    expect(markedRanges(PAGE, passage({ page: 1, end: 33 }))?.passage).toEqual([0, 33]);
    expect(markedRanges(PAGE, passage({ page: 3, page_end: 3 }))).toBeNull();
    expect(markedRanges(PAGE, null)).toBeNull();
  });
  it("finds the sentence that supports the claim, in code points", () => {
    const ranges = markedRanges(PAGE, passage({ claim: "The pump station was built in 2023 by Halden." }));
    expect(ranges?.support && slice(ranges.support)).toBe("It was built in 2023 by Halden.");
  });
});

describe("markedRects", () => {
  it("has a box for each line, all strong without a support", () =>
    expect(markedRects(PAGE, markedRanges(PAGE, passage({})))?.map(({ y0, strong }) => [y0, strong])).toEqual([
      [0.2, true],
      [0.3, true],
    ]));
  it("lets the rest step back behind the support", () => {
    const ranges = { passage: [START, END], support: [34, END] } as const;
    const found = markedRects(PAGE, { passage: [...ranges.passage], support: [...ranges.support] });
    expect(found?.map(({ y0, strong }) => [y0, strong])).toEqual([
      [0.2, false],
      [0.3, false],
      [0.3, true],
    ]);
  });
  it("is null where a page has no boxes, and empty where nothing is marked", () => {
    expect(markedRects({ ...PAGE, lines: [] }, null)).toBeNull();
    expect(markedRects(PAGE, null)).toEqual([]);
  });
});

function chunk(ordinal: number, page: number, start: number): Chunk {
  const rest = { document_id: "d", document_name: "d", text: "", token_count: 9, headings: [] };
  return { ...rest, chunk_id: String(ordinal), ordinal, page, page_end: 2, start, end: 99 };
}

describe("textPieces", () => {
  const shown = (...given: Parameters<typeof textPieces>) =>
    textPieces(...given).map(({ text, mark, begins }) => [text, mark, begins.map(({ ordinal }) => ordinal)]);
  it("is the text as it is", () => expect(shown(PAGE, null, [])).toEqual([[TEXT, null, []]]));
  it("cuts at marks and chunks", () =>
    expect(shown(PAGE, { passage: [9, 65], support: [34, 65] }, [chunk(0, 1, 7), chunk(1, 2, 9)])).toEqual([
      ["😀 Intro.\n", null, [0]],
      ["The pump runs at 16 bar.\n", "faint", [1]],
      ["It was built in 2023 by Halden.", "strong", []],
    ]));
  it("bears what lies beyond the text, and an empty page", () => {
    expect(shown(PAGE, { passage: [80, 90], support: null }, [chunk(3, 2, 80)])).toEqual([
      [TEXT, null, []],
      ["", null, [3]],
    ]);
    expect(shown({ page: 1, text: "" }, null, [])).toEqual([]);
  });
});
