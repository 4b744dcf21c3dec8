/**
 * A toolchain as what the canvas draws. What did not change keeps its identity, so that only what did is drawn anew. Pure.
 */
import { expressionInWords } from "@/lib/expression";
import type { Point } from "@/lib/layout";
import type { Node, Toolchain } from "@/models";
import { arranged, type Size, sizeOfNode } from "./arrange";
import { keptOf, type Note } from "./keeping";
import { type Container, isHolder } from "./tree";
import { END, type Exit, handleOf, START, waysOf } from "./ways";
import { edgesOfBody } from "./tree";

/** What a box on the canvas shows. */
export type BoxContent =
  | { sort: "node"; node: Node; rows: readonly string[] }
  | { sort: "group"; node: Node }
  /** A subchain that shows what is in it. */
  | { sort: "opened"; node: Node }
  | { sort: "pill"; end: "start" | "end" }
  | { sort: "note"; note: Note };

export interface Box extends Size {
  id: string;
  content: BoxContent;
  /** The box that it stands in; its place is relative to that. */
  container: Container;
  at: Point;
  /** 0 for what stands on the canvas itself. */
  depth: number;
}

export interface Line {
  id: string;
  from: string;
  to: string;
  container: Container;
  exit: Exit;
  fromHandle: string;
  toHandle: string;
  label: string | null;
  depth: number;
}

export interface Canvas {
  boxes: readonly Box[];
  lines: readonly Line[];
}

export const EMPTY_CANVAS: Canvas = { boxes: [], lines: [] };

/** Notes share the canvas' name space with nodes, whose names hold no colon. */
export const noteId = (id: string) => `note:${id}`;

/**
 * What the canvas draws.
 * @param opened subchains that show what is in them
 * @param previous what it drew before
 */
export function canvasOf(toolchain: Toolchain, opened: ReadonlySet<string>, previous: Canvas = EMPTY_CANVAS): Canvas {
  const arrangement = arranged(toolchain);
  const boxes: Box[] = [];
  const lines: Line[] = [];
  const taken = new Set<string>();

  function draw(part: Pick<Toolchain, "nodes" | "edges">, container: Container, depth: number) {
    const here = (id: string) => arrangement.places.get(id) ?? { x: 0, y: 0 };
    const pill = (end: "start" | "end"): Box => ({
      id: end,
      content: { sort: "pill", end },
      container,
      at: here(end),
      depth,
      ...(arrangement.sizes.get(end) ?? sizeOfNode(null)),
    });
    if (container === null) boxes.push(pill(START));
    const within = new Set<string>();
    for (const node of part.nodes) {
      // A draft may use a name twice: the faults say so, and the canvas shows the first.
      if (taken.has(node.id) || node.id === START || node.id === END) continue;
      taken.add(node.id);
      within.add(node.id);
      const open = node.kind === "subchain" && opened.has(node.id);
      const size = open ? OPENED : (arrangement.sizes.get(node.id) ?? sizeOfNode(node));
      const content: BoxContent = isHolder(node)
        ? { sort: "group", node }
        : open
          ? { sort: "opened", node }
          : { sort: "node", node, rows: node.kind === "branch" ? rowsOf(node) : NO_ROWS };
      boxes.push({ id: node.id, content, container, at: here(node.id), depth, ...size });
      if (isHolder(node)) draw({ nodes: node.body.nodes, edges: edgesOfBody(node.body) }, node.id, depth + 1);
    }
    if (container === null) boxes.push(pill(END));
    lines.push(...linesOf(part, container, within, depth));
  }

  draw(toolchain, null, 0);
  for (const note of keptOf(toolchain).notes) {
    const { id, x, y, width, height } = note;
    boxes.push({
      id: noteId(id),
      content: { sort: "note", note },
      container: null,
      at: { x, y },
      width,
      height,
      depth: 0,
    });
  }
  return { boxes: reused(boxes, previous.boxes, sameBox), lines: reused(lines, previous.lines, sameLine) };
}

const OPENED = { width: 620, height: 320 };

const NO_ROWS: readonly string[] = [];

const rows = new WeakMap<Node, readonly string[]>();

/** The ways of a branch in words, one a row. */
function rowsOf(node: Extract<Node, { kind: "branch" }>): readonly string[] {
  let known = rows.get(node);
  if (!known) rows.set(node, (known = [...node.cases.map(({ when }) => expressionInWords(when)), "otherwise"]));
  return known;
}

function linesOf(
  part: Pick<Toolchain, "nodes" | "edges">,
  container: Container,
  within: ReadonlySet<string>,
  depth: number,
): Line[] {
  const seen = new Set<string>();
  return waysOf(part).flatMap(({ from, to, exit }) => {
    const begins = from === START;
    const ends = to === END;
    if (!(begins || within.has(from)) || !(ends || within.has(to))) return [];
    const id = lineId({ from, to, exit }, container);
    if (seen.has(id)) return [];
    seen.add(id);
    return [
      {
        id,
        from: begins && container !== null ? container : from,
        to: ends && container !== null ? container : to,
        container,
        exit,
        fromHandle: begins && container !== null ? BODY_START : handleOf(exit),
        toHandle: ends && container !== null ? BODY_END : "in",
        label: exit.sort === "error" ? "on error" : null,
        depth,
      },
    ];
  });
}

/** The handles within a map or a loop at which its body begins and ends. */
export const BODY_START = "body-start";
export const BODY_END = "body-end";

export function lineId({ from, to, exit }: { from: string; to: string; exit: Exit }, container: Container): string {
  return `${container ?? ""}/${from}:${handleOf(exit)}→${to}`;
}

function reused<T extends { id: string }>(
  next: readonly T[],
  previous: readonly T[],
  same: (a: T, b: T) => boolean,
): readonly T[] {
  const before = new Map(previous.map((one) => [one.id, one]));
  const kept = next.map((one) => {
    const old = before.get(one.id);
    return old && same(old, one) ? old : one;
  });
  return kept.length === previous.length && kept.every((one, index) => one === previous[index]) ? previous : kept;
}

function sameBox(a: Box, b: Box): boolean {
  return (
    a.at.x === b.at.x &&
    a.at.y === b.at.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.container === b.container &&
    sameContent(a.content, b.content)
  );
}

function sameContent(a: BoxContent, b: BoxContent): boolean {
  if (a.sort === "note") return b.sort === "note" && a.note === b.note;
  if (a.sort === "pill") return b.sort === "pill" && a.end === b.end;
  return a.sort === b.sort && "node" in b && a.node === b.node;
}

function sameLine(a: Line, b: Line): boolean {
  return a.from === b.from && a.to === b.to && a.container === b.container && a.depth === b.depth;
}
