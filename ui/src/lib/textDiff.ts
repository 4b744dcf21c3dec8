/** What differs between two texts, word by word. Pure. */

export interface DiffPart {
  kind: "same" | "removed" | "added";
  text: string;
}

// Longer texts are compared as a whole: the table of a comparison has a cell for every pair of words.
const MOST_CELLS = 400_000;

/**
 * The parts in order. Words are found by the longest common subsequence (Wagner and Fischer, "The String-to-String
 * Correction Problem", JACM 21(1), 1974), after what both begin and end with is set aside.
 */
export function diffTexts(before: string, after: string): DiffPart[] {
  const old = words(before);
  const now = words(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = between(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return joined([
    { kind: "same", text: old.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: old.slice(old.length - end).join("") },
  ]);
}

/** Words, what is between them, and signs, each alone. */
function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function between(old: readonly string[], now: readonly string[]): DiffPart[] {
  const whole: DiffPart[] = [
    { kind: "removed", text: old.join("") },
    { kind: "added", text: now.join("") },
  ];
  if (old.length === 0 || now.length === 0 || old.length * now.length > MOST_CELLS) return whole;
  const width = now.length + 1;
  // The length of the longest common rest from each pair of places on.
  const rest = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => rest[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = now.length - 1; column >= 0; column--)
      rest[row * width + column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const parts: DiffPart[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < now.length) {
    const removed = old[row];
    const added = now[column];
    if (removed !== undefined && removed === added) {
      parts.push({ kind: "same", text: removed });
      row++;
      column++;
    } else if (removed !== undefined && (added === undefined || at(row + 1, column) >= at(row, column + 1))) {
      parts.push({ kind: "removed", text: removed });
      row++;
    } else {
      parts.push({ kind: "added", text: added ?? "" });
      column++;
    }
  }
  return parts;
}

function joined(parts: readonly DiffPart[]): DiffPart[] {
  const found: DiffPart[] = [];
  for (const part of parts) {
    if (part.text === "") continue;
    const last = found.at(-1);
    if (last?.kind === part.kind) last.text += part.text;
    else found.push({ ...part });
  }
  return found;
}
