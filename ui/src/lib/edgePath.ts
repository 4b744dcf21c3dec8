import type { Direction, Point } from "./layout";

/**
 * An edge as an SVG path: straight past the nodes that it passes, smooth between.
 * @param points as `Layout.routes` gives them: pairs of ends of the gaps between layers
 * @returns `label`: the middle of the first gap, on the curve, where it has left the others of its node
 */
export function edgePath(points: readonly Point[], direction: Direction): { path: string; label: Point } {
  const [first, second] = points;
  if (!first || !second) return { path: "", label: { x: 0, y: 0 } };
  let path = `M ${at(first)}`;
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = points[i];
    if (!from || !to) continue;
    // The pieces alternate: a gap between layers, then a layer that the edge passes.
    if (i % 2 === 0) {
      path += ` L ${at(to)}`;
      continue;
    }
    const [c1, c2] =
      direction === "right"
        ? [
            { x: (from.x + to.x) / 2, y: from.y },
            { x: (from.x + to.x) / 2, y: to.y },
          ]
        : [
            { x: from.x, y: (from.y + to.y) / 2 },
            { x: to.x, y: (from.y + to.y) / 2 },
          ];
    path += ` C ${at(c1)} ${at(c2)} ${at(to)}`;
  }
  return { path, label: along(first, second, direction) };
}

// Beyond the half of the way the ways of a branch have parted, so that their labels do not meet.
const LABEL_SHARE = 0.6;

function along(from: Point, to: Point, direction: Direction): Point {
  const t = LABEL_SHARE;
  // The cubic with both controls at the half of the main axis: ends weigh 1, controls 3.
  const main = (a: number, b: number) => a + (b - a) * (1.5 * t * (1 - t) + t ** 3);
  const cross = (a: number, b: number) => a + (b - a) * (3 * t ** 2 - 2 * t ** 3);
  return direction === "right"
    ? { x: main(from.x, to.x), y: cross(from.y, to.y) }
    : { x: cross(from.x, to.x), y: main(from.y, to.y) };
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
