/** A toolchain small enough for a card: boxes and lines without words. Pure. */
import { type FlowNode, flowOf } from "@/lib/flow";
import { layOut, type Point } from "@/lib/layout";
import type { Toolchain } from "@/models";

export interface Picture {
  width: number;
  height: number;
  boxes: (Point & { id: string; kind: FlowNode["kind"]; width: number; height: number })[];
  lines: { id: string; points: Point[] }[];
}

const BOX = { width: 104, height: 44 };
const END = { width: 28, height: 28 };
// What holds others is seen to.
const HOLDER = { width: 132, height: 72 };

// A picture of more would be a grey cloud.
const MOST_NODES = 120;

export function pictureOf({ nodes, edges }: Pick<Toolchain, "nodes" | "edges">): Picture {
  const flow = flowOf({ nodes: nodes.slice(0, MOST_NODES), edges });
  const sizes = new Map(
    flow.nodes.map((node) => [node.id, node.kind === "start" || node.kind === "end" ? END : node.body ? HOLDER : BOX]),
  );
  const layout = layOut(
    flow.nodes.map(({ id }) => ({ id, ...(sizes.get(id) ?? BOX) })),
    flow.edges.map((edge) => ({ ...edge, labelled: false })),
    "right",
  );
  return {
    width: layout.width,
    height: layout.height,
    boxes: flow.nodes.map(({ id, kind }) => ({
      id,
      kind,
      ...(layout.places.get(id) ?? { x: 0, y: 0 }),
      ...(sizes.get(id) ?? BOX),
    })),
    lines: [...layout.routes].map(([id, points]) => ({ id, points })),
  };
}
