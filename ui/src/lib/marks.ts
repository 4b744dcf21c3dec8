import type { Chunk, DocumentPage } from "@/models";
import { type Rect, rectsOf } from "./boxes";
import { pointOffset, unitOffset } from "./codePoints";
import { boundariesOn } from "./chunkPages";
import { locatePassage, rangeOnPage } from "./passage";
import { findSupport } from "./support";

/** What to mark in a document: where the passage stands and its text. */
export interface Passage {
  page: number;
  page_end: number;
  start: number;
  end: number;
  snippet: string;
  /** What it is cited for: the sentence of the passage that says so is marked more strongly. */
  claim: string | null;
}

/** Code points [start, end) of a page's text. */
export type Range = [start: number, end: number];

/** The part of the passage that is on a page, and the part of that which supports its claim. */
export interface MarkedRanges {
  passage: Range;
  support: Range | null;
}

/** What is marked on a page; null when nothing is. */
export function markedRanges({ page, text }: DocumentPage, passage: Passage | null): MarkedRanges | null {
  const range = passage ? rangeOnPage(passage, page) : null;
  if (!passage || !range) return null;
  const sentence = passage.claim === null ? null : findSupport(passage.snippet, passage.claim);
  if (sentence === null) return { passage: range, support: null };
  const part = text.slice(unitOffset(text, range[0]), unitOffset(text, range[1]));
  const found = locatePassage([part], sentence)[0];
  const at = (units: number) => range[0] + pointOffset(part, units);
  return { passage: range, support: found ? [at(found.start), at(found.end)] : null };
}

export interface MarkedRect extends Rect {
  /** Without a support that was found, all of the passage is what was meant. */
  strong: boolean;
}

/** The boxes of what is marked, a line each; null on a page whose lines have no boxes. */
export function markedRects({ lines = [] }: DocumentPage, ranges: MarkedRanges | null): MarkedRect[] | null {
  if (lines.length === 0) return null;
  if (!ranges) return [];
  const { passage, support } = ranges;
  const strong = rectsOf(lines, ...(support ?? passage)).map((rect) => ({ ...rect, strong: true }));
  return support ? [...rectsOf(lines, ...passage).map((rect) => ({ ...rect, strong: false })), ...strong] : strong;
}

/** A stretch of a page's text that is marked or not, and the chunks that begin with it. */
export interface TextPiece {
  text: string;
  mark: "faint" | "strong" | null;
  begins: Chunk[];
}

/** A page's text, cut where a mark or a chunk begins or ends. */
export function textPieces(
  { page, text }: Pick<DocumentPage, "page" | "text">,
  ranges: MarkedRanges | null,
  chunks: readonly Chunk[],
): TextPiece[] {
  const boundaries = boundariesOn(page, chunks);
  const marks = ranges ? [...ranges.passage, ...(ranges.support ?? [])] : [];
  const unit = new Map<number, number>();
  for (const offset of [0, ...marks, ...boundaries.map((one) => one.offset)])
    unit.set(offset, unitOffset(text, offset));
  const cuts = [...new Set([...unit.values(), text.length])].sort((a, b) => a - b);
  const within = (at: number, range: Range | null | undefined) =>
    range ? at >= (unit.get(range[0]) ?? 0) && at < (unit.get(range[1]) ?? 0) : false;
  return cuts.flatMap((from, index) => {
    const to = cuts[index + 1];
    const begins = boundaries.filter(({ offset }) => unit.get(offset) === from).map(({ chunk }) => chunk);
    if (to === undefined && begins.length === 0) return [];
    const strong = within(from, ranges?.support ?? ranges?.passage);
    const mark = strong ? "strong" : within(from, ranges?.passage) ? "faint" : null;
    return [{ text: text.slice(from, to ?? from), mark, begins }];
  });
}
