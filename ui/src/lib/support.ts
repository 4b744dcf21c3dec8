/** The share of a claim's words that a sentence must hold to be taken for its ground. */
const ENOUGH = 0.5;

const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** A blank line ends a paragraph, and a row of a table ("a | b") stands alone. */
const BLOCK_END = /\n\s*\n|\n(?=[^\n]* \| )|(?<= \| [^\n]*)\n/;

function split(text: string): string[] {
  return text.split(BLOCK_END).flatMap((block) => {
    // A line break inside a paragraph, as PDFs have at each line, ends no sentence.
    const flat = block.replace(/\s+/g, " ").trim();
    return [...sentences.segment(flat)].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== "");
  });
}

/** The sentence that a text ends with: what a citation after it stands for. Null when it says too little to be found again. */
export function lastSentence(text: string): string | null {
  const last = split(text).at(-1) ?? "";
  return wordsOf(last).size >= 2 ? last : null;
}

/**
 * The sentence of a passage, or the two in a row, that a claim most likely rests on: those with the best balance (F1) of
 * the claim's words that they hold and of their own words that the claim uses. Pure.
 * @returns the words as they stand in the passage, or null when none is near enough
 */
export function findSupport(passage: string, claim: string): string | null {
  const claimed = wordsOf(claim);
  if (claimed.size === 0) return null;
  const parts = split(passage);
  const candidates = [...parts, ...parts.slice(1).map((part, i) => `${parts[i] ?? ""} ${part}`)];
  let best: string | null = null;
  let bestScore = 0;
  for (const candidate of candidates) {
    const held = wordsOf(candidate);
    const shared = [...claimed].filter((word) => held.has(word)).length;
    if (shared / claimed.size < ENOUGH) continue;
    const score = (2 * shared) / (claimed.size + held.size);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

/** The words that carry meaning, in lower case: short ones are mostly grammar, save numbers and those of scripts without spaces. */
function wordsOf(text: string): Set<string> {
  const found = [...words.segment(text.normalize("NFKC").toLowerCase())].filter(
    ({ segment, isWordLike }) => isWordLike === true && (segment.length > 3 || /[\p{N}\p{Lo}]/u.test(segment)),
  );
  return new Set(found.map(({ segment }) => segment));
}
