/** Boxes put in line with each other. Pure. */
import type { Point } from "@/lib/layout";
import type { Toolchain } from "@/models";
import { laidOut } from "./arrange";
import type { Box } from "./canvas";
import { keptOf, withKept } from "./keeping";

export type Alignment = "left" | "center" | "right" | "top" | "middle" | "bottom" | "across" | "down";

export const ALIGNMENTS: readonly { alignment: Alignment; label: string }[] = [
  { alignment: "left", label: "Align left edges" },
  { alignment: "center", label: "Align centres in a column" },
  { alignment: "right", label: "Align right edges" },
  { alignment: "top", label: "Align upper edges" },
  { alignment: "middle", label: "Align centres in a row" },
  { alignment: "bottom", label: "Align lower edges" },
  { alignment: "across", label: "Space evenly across" },
  { alignment: "down", label: "Space evenly down" },
];

/** Where boxes of one container come to stand. Of the others, nothing moves. */
export function aligned(boxes: readonly Box[], alignment: Alignment): Map<string, Point> {
  const [first] = boxes;
  const beside = boxes.filter(({ container }) => container === first?.container);
  const moved = new Map<string, Point>();
  if (beside.length < 2) return moved;
  const left = Math.min(...beside.map(({ at }) => at.x));
  const right = Math.max(...beside.map(({ at, width }) => at.x + width));
  const top = Math.min(...beside.map(({ at }) => at.y));
  const bottom = Math.max(...beside.map(({ at, height }) => at.y + height));
  if (alignment === "across" || alignment === "down") return spread(beside, alignment === "across");
  for (const { id, at, width, height } of beside) {
    const places: Record<Exclude<Alignment, "across" | "down">, Point> = {
      left: { x: left, y: at.y },
      center: { x: (left + right - width) / 2, y: at.y },
      right: { x: right - width, y: at.y },
      top: { x: at.x, y: top },
      middle: { x: at.x, y: (top + bottom - height) / 2 },
      bottom: { x: at.x, y: bottom - height },
    };
    moved.set(id, places[alignment]);
  }
  return moved;
}

/** Equal gaps between the first and the last, which stay. */
function spread(boxes: readonly Box[], across: boolean): Map<string, Point> {
  const start = ({ at }: Box) => (across ? at.x : at.y);
  const size = ({ width, height }: Box) => (across ? width : height);
  const order = [...boxes].sort((a, b) => start(a) - start(b));
  const [first, last] = [order[0], order.at(-1)];
  const moved = new Map<string, Point>();
  if (!first || !last) return moved;
  const taken = order.reduce((sum, box) => sum + size(box), 0);
  const gap = (start(last) + size(last) - start(first) - taken) / (order.length - 1);
  let next = start(first);
  for (const box of order) {
    moved.set(box.id, across ? { x: Math.round(next), y: box.at.y } : { x: box.at.x, y: Math.round(next) });
    next += size(box) + gap;
  }
  return moved;
}

/** The toolchain with every node where the layout puts it; notes stay. */
export function tidied(toolchain: Toolchain): Toolchain {
  return withKept(toolchain, { places: laidOut(toolchain).places, notes: keptOf(toolchain).notes });
}
