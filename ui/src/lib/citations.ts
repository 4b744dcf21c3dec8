/** A piece of an answer: words, or a mark that stands for a source. */
export type Piece = { kind: "text"; text: string } | { kind: "mark"; n: number };

/**
 * Splits `[1]`, `[2, 3]` and `[1-3]` out of a text. Only numbers of `known` sources become marks: `[1999]` or `a[0]` stay
 * what they are. A space before a mark is dropped, so that the mark stays with its sentence.
 */
export function splitMarks(text: string, known: ReadonlySet<number>): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/ ?\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]/g)) {
    const numbers = numbersOf(match[1] ?? "");
    if (!numbers.every((n) => known.has(n))) continue;
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) });
    pieces.push(...numbers.map((n): Piece => ({ kind: "mark", n })));
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

function numbersOf(inside: string): number[] {
  return inside.split(/[,;]/).flatMap((part) => {
    const [first = NaN, last = first] = part.split(/[–-]/).map(Number);
    // A range that runs backwards is no range: it gives a number that no source has.
    return last < first ? [NaN] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** The sources that an answer cites, in the order of their first marks. */
export function citedNumbers(text: string, known: ReadonlySet<number>): number[] {
  const marks = splitMarks(text, known).flatMap((piece) => (piece.kind === "mark" ? [piece.n] : []));
  return [...new Set(marks)];
}

interface TreeNode {
  type: string;
  value?: string;
  children?: TreeNode[];
  data?: unknown;
}

/** A remark plugin: marks in running text become `<cite-mark n="1">` elements; code and links keep their text. */
export function remarkCitations({ known }: { known: ReadonlySet<number> }) {
  return (tree: unknown) => visit(tree as TreeNode, known);
}

function visit(node: TreeNode, known: ReadonlySet<number>): void {
  if (!node.children || node.type === "link") return;
  node.children = node.children.flatMap((child) => {
    if (child.type !== "text") {
      visit(child, known);
      return [child];
    }
    return splitMarks(child.value ?? "", known).map((piece) =>
      piece.kind === "text" ? { type: "text", value: piece.text } : mark(piece.n),
    );
  });
}

function mark(n: number): TreeNode {
  return { type: "citation", data: { hName: "cite-mark", hProperties: { n } }, children: [] };
}
