import type { Line } from "@/models";

/** A part of a page, in fractions of it from its upper left corner. */
export interface Rect {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/**
 * Where characters [start, end) of a page's text stand: a box for each line that they touch. The first and the last line are
 * cut in proportion to their characters.
 * @param start,end in code points, as the server counts
 */
export function rectsOf(lines: readonly Line[], start: number, end: number): Rect[] {
  return lines.flatMap((line) => {
    const from = Math.max(start, line.start);
    const to = Math.min(end, line.end);
    if (from >= to) return [];
    const perCharacter = (line.x1 - line.x0) / (line.end - line.start);
    const x0 = line.x0 + (from - line.start) * perCharacter;
    const x1 = line.x1 - (line.end - to) * perCharacter;
    return [{ x0, y0: line.y0, x1, y1: line.y1 }];
  });
}

/** How much further a line may stand from the one above it than that one is high, and still be of the same block. */
const GAP = 2;

/**
 * The blocks that lines make, in reading order: a column's lines are one, and a new one begins where the reading jumps, as
 * from the foot of a column to the head of the next.
 */
export function blocksOf(rects: readonly Rect[]): Rect[] {
  const blocks: Rect[] = [];
  let last: Rect | null = null;
  for (const rect of rects) {
    const block = blocks.at(-1);
    if (block && last && follows(block, last, rect)) {
      block.x0 = Math.min(block.x0, rect.x0);
      block.y0 = Math.min(block.y0, rect.y0);
      block.x1 = Math.max(block.x1, rect.x1);
      block.y1 = Math.max(block.y1, rect.y1);
    } else blocks.push({ ...rect });
    last = rect;
  }
  return blocks;
}

function follows(block: Rect, last: Rect, next: Rect): boolean {
  const height = Math.max(last.y1 - last.y0, next.y1 - next.y0);
  const near = next.y0 >= last.y0 - height / 2 && next.y0 - last.y1 <= height * GAP;
  const sameRow = Math.abs(next.y0 - last.y0) <= height / 2;
  return near && (sameRow || (next.x0 < block.x1 && next.x1 > block.x0));
}

/** The CSS of a box on its page. */
export function placeOf({ x0, y0, x1, y1 }: Rect) {
  const percent = (share: number) => `${Math.round(share * 1e5) / 1e3}%`;
  return { left: percent(x0), top: percent(y0), width: percent(x1 - x0), height: percent(y1 - y0) };
}
