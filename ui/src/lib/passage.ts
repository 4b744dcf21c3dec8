/** A stretch of one text item of a page: characters [start, end) of item `item`. */
export interface Stretch {
  item: number;
  start: number;
  end: number;
}

/** Letters and digits that a passage must share with the page in one piece to be taken for found. */
const SEED = 18;
const STEP = 6;
/** The share of the seeds that must agree on one place. A passage over two pages has half of them on each. */
const ENOUGH = 0.2;

interface Folded {
  /** Letters and digits only, in one case. */
  text: string;
  item: number[];
  offset: number[];
}

/**
 * Two readers of one page differ in white space, hyphens at line ends, ligatures and punctuation; what they agree on is
 * the row of letters and digits. Every kept character remembers where it came from.
 */
function fold(items: readonly string[]): Folded {
  const folded: Folded = { text: "", item: [], offset: [] };
  const kept: string[] = [];
  items.forEach((text, item) => {
    let offset = 0;
    for (const character of text) {
      const plain = character.normalize("NFKC").toLowerCase();
      for (const letter of plain) {
        if (!/[\p{L}\p{N}]/u.test(letter)) continue;
        // One entry for each UTF-16 unit, as indexOf counts them.
        for (let unit = 0; unit < letter.length; unit++) {
          folded.item.push(item);
          folded.offset.push(offset);
        }
        kept.push(letter);
      }
      offset += character.length;
    }
  });
  folded.text = kept.join("");
  return folded;
}

/**
 * Where a passage stands in a page's text items, although white space and hyphens differ and a part of it may stand on
 * the page before or after. Pure.
 * @returns the stretches in reading order; none when the passage is not on this page
 */
export function locatePassage(items: readonly string[], passage: string): Stretch[] {
  const page = fold(items);
  const wanted = fold([passage]).text;
  if (wanted === "" || page.text === "") return [];
  const exact = page.text.indexOf(wanted);
  if (exact !== -1) return stretches(items, page, exact, exact + wanted.length);
  const range = vote(page.text, wanted);
  return range ? stretches(items, page, range[0], range[1]) : [];
}

/** The range of `page` on which most pieces of `wanted` agree. */
function vote(page: string, wanted: string): [start: number, end: number] | null {
  if (wanted.length < SEED) return null;
  const tolerance = Math.max(48, Math.round(wanted.length * 0.15));
  const hits: { at: number; shift: number }[] = [];
  let seeds = 0;
  for (let i = 0; i + SEED <= wanted.length; i += STEP) {
    seeds += 1;
    const seed = wanted.slice(i, i + SEED);
    // A piece that stands in many places says little of where the passage is.
    for (let at = page.indexOf(seed), n = 0; at !== -1 && n < 8; at = page.indexOf(seed, at + 1), n++) {
      hits.push({ at, shift: at - i });
    }
  }
  hits.sort((a, b) => a.shift - b.shift);
  let best: { at: number; shift: number }[] = [];
  for (let from = 0, to = 0; from < hits.length; from++) {
    while (to < hits.length && (hits[to]?.shift ?? 0) - (hits[from]?.shift ?? 0) <= tolerance) to += 1;
    if (to - from > best.length) best = hits.slice(from, to);
  }
  if (best.length === 0 || best.length < seeds * ENOUGH) return null;
  best.sort((a, b) => a.at - b.at);
  const first = best[0] ?? { at: 0, shift: 0 };
  const last = best.at(-1) ?? first;
  // Seeds stand STEP apart: the passage goes on beyond the outer ones for as long as the letters agree.
  let start = first.at;
  while (start > 0 && start > first.shift && page[start - 1] === wanted[start - 1 - first.shift]) start -= 1;
  let end = last.at + SEED;
  while (end < page.length && page[end] === wanted[end - last.shift]) end += 1;
  return [start, end];
}

function stretches(items: readonly string[], page: Folded, start: number, end: number): Stretch[] {
  const found: Stretch[] = [];
  for (let i = start; i < end; i++) {
    const item = page.item[i] ?? 0;
    const offset = page.offset[i] ?? 0;
    const width = (items[item]?.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
    const last = found.at(-1);
    if (last?.item === item) last.end = offset + width;
    else found.push({ item, start: offset, end: offset + width });
  }
  return found.map((stretch) => withPunctuation(items[stretch.item] ?? "", stretch));
}

/** A full stop or a bracket at the end belongs to the passage for the eye. */
function withPunctuation(text: string, stretch: Stretch): Stretch {
  const tail = /^[.,;:!?)\]}»”’"'%-]+/.exec(text.slice(stretch.end))?.[0] ?? "";
  return { ...stretch, end: stretch.end + tail.length };
}

/** The part of a passage over pages `first.page` to `last.page` that is on `page`, in code points; null when none is. */
export function rangeOnPage(
  passage: { page: number; page_end: number; start: number; end: number },
  page: number,
): [start: number, end: number] | null {
  if (page < passage.page || page > passage.page_end) return null;
  return [page === passage.page ? passage.start : 0, page === passage.page_end ? passage.end : Number.MAX_SAFE_INTEGER];
}
