import type { Edge, Node } from "@xyflow/react";
import type { Box, Canvas, Line } from "@/lib/editor/canvas";
import type { ValueLine } from "@/lib/editor/flows";
import { detailOf, titleOf } from "@/lib/flow";

export type BoxNode = Node<{ box: Box }, "node" | "group" | "opened" | "pill" | "note">;
export type LineEdge = Edge<{ line: Line }, "line">;
export type ValueEdge = Edge<{ look: string }, "value">;
export type AnyEdge = LineEdge | ValueEdge;

/* React Flow draws anew what is not the object of before: the same box or line gives the same object. */
const nodes = new WeakMap<Box, BoxNode>();
const edges = new WeakMap<Line, LineEdge>();

export function nodesOf({ boxes }: Canvas, selection: ReadonlySet<string>): BoxNode[] {
  return boxes.map((box) => {
    const selected = selection.has(box.id);
    let node = nodes.get(box);
    if (node?.selected !== selected) nodes.set(box, (node = nodeOf(box, selected)));
    return node;
  });
}

export function edgesOf({ lines }: Canvas, selection: ReadonlySet<string>): LineEdge[] {
  return lines.map((line) => {
    const selected = selection.has(line.id);
    let edge = edges.get(line);
    if (edge?.selected !== selected) edges.set(line, (edge = edgeOf(line, selected)));
    return edge;
  });
}

function nodeOf(box: Box, selected: boolean): BoxNode {
  const { id, content, container, at, width, height } = box;
  return {
    id,
    type: content.sort,
    position: at,
    data: { box },
    width,
    height,
    measured: { width, height },
    selected,
    ...(container === null ? {} : { parentId: container }),
    ...(content.sort === "pill" ? { deletable: false } : {}),
    // Notes lie under everything, an opened subchain over what is beside it.
    zIndex: content.sort === "note" ? -1 : content.sort === "opened" ? 5 : 0,
    ariaLabel: nameOf(box),
  };
}

function nameOf({ content }: Box): string {
  switch (content.sort) {
    case "pill":
      return content.end === "start" ? "Start" : "End";
    case "note":
      return `Note: ${content.note.text}`;
    case "node":
    case "group":
    case "opened":
      return [titleOf(content.node), detailOf(content.node)].filter(Boolean).join(", ");
  }
}

function edgeOf(line: Line, selected: boolean): LineEdge {
  return {
    id: line.id,
    type: "line",
    source: line.from,
    target: line.to,
    sourceHandle: line.fromHandle,
    targetHandle: line.toHandle,
    selected,
    data: { line },
    ariaLabel: `Way from ${line.from} to ${line.to}`,
  };
}

export function valueEdgesOf(lines: readonly ValueLine[]): ValueEdge[] {
  return lines.map(({ id, from, fromHandle, to, toHandle }) => ({
    id,
    type: "value",
    source: from,
    target: to,
    sourceHandle: fromHandle,
    targetHandle: toHandle,
    selectable: false,
    focusable: false,
    data: { look: "any" },
  }));
}
