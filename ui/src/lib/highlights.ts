import type { Snippet, Span } from "@/models";

export interface Piece {
  text: string;
  marked: boolean;
}

/**
 * A text cut where marked spans begin and end, in order. Spans may touch, overlap, be out of order or reach beyond the text.
 * @param spans in code points, as the server counts
 */
export function highlighted(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = [];
  const units = unitsOf(text, spans);
  let at = 0;
  for (const [start, end] of units) {
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    const from = Math.max(start, at);
    if (end <= from) continue;
    const last = pieces.at(-1);
    if (last?.marked && from === at) last.text += text.slice(from, end);
    else pieces.push({ text: text.slice(from, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

/** A text and its spans without the space around it, of which no character takes two units. */
export function trimmed({ text, highlights }: Pick<Snippet, "text" | "highlights">): { text: string; spans: Span[] } {
  const left = text.length - text.trimStart().length;
  return { text: text.trim(), spans: highlights.map(({ start, end }) => ({ start: start - left, end: end - left })) };
}

/** The spans in UTF-16 units, by their starts; the text is walked through once. */
function unitsOf(text: string, spans: readonly Span[]): [start: number, end: number][] {
  const wanted = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const units = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const offset of wanted) {
    for (; point < offset && unit < text.length; point++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    units.set(offset, unit);
  }
  return spans
    .map(({ start, end }): [number, number] => [units.get(start) ?? 0, units.get(end) ?? 0])
    .filter(([start, end]) => end > start)
    .sort((a, b) => a[0] - b[0]);
}
