/** Anything with an extent across the flow. A bend is a point of a long edge. */
interface Block {
  id: string;
  across: number;
  bend: boolean;
}

const SWEEPS = 24;
// Long edges are kept straighter than the way into a node: the eye follows them furthest.
const BEND_WEIGHT = 8;
// Bends need less room beside them than nodes.
const BEND_SHARE = 0.5;

/**
 * The centre of every block across the flow: as near to the mean of its neighbours as order and distances allow.
 * Each row in turn is solved exactly for the rows beside it, down and up, until it settles.
 * @param gap pixels between neighbours of a row
 */
export function straighten<B extends Block>(
  rows: readonly (readonly B[])[],
  links: readonly { above: B; below: B }[],
  gap: number,
): Map<string, number> {
  const pulls = new Map<string, { other: B; weight: number; up: boolean }[]>();
  const pull = (from: B, other: B, up: boolean) => {
    const weight = from.bend && other.bend ? BEND_WEIGHT : from.bend || other.bend ? 2 : 1;
    pulls.set(from.id, [...(pulls.get(from.id) ?? []), { other, weight, up }]);
  };
  for (const { above, below } of links) {
    pull(above, below, false);
    pull(below, above, true);
  }

  const centers = new Map<string, number>();
  for (const row of rows) {
    const steps = distances(row, gap);
    const total = steps.reduce((sum, step) => sum + step, 0);
    let at = -total / 2;
    row.forEach((block, index) => {
      at += steps[index] ?? 0;
      centers.set(block.id, at);
    });
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    // The last sweeps look both ways, so that a node ends between those before and those after it.
    const both = sweep >= SWEEPS - 8;
    const order = sweep % 2 === 0 ? rows : [...rows].reverse();
    for (const row of order) {
      const wanted = row.map((block) => {
        const near = (pulls.get(block.id) ?? []).filter(({ up }) => both || up === (sweep % 2 === 0));
        const weight = near.reduce((sum, { weight: w }) => sum + w, 0);
        const here = centers.get(block.id) ?? 0;
        if (weight === 0) return { at: here, weight: 0.01 };
        return { at: near.reduce((sum, p) => sum + p.weight * (centers.get(p.other.id) ?? 0), 0) / weight, weight };
      });
      spread(wanted, distances(row, gap)).forEach((at, index) => {
        const block = row[index];
        if (block) centers.set(block.id, at);
      });
    }
  }
  return centers;
}

/** The least distance of each block's centre from the one before it; 0 for the first. */
function distances(row: readonly Block[], gap: number): number[] {
  return row.map((block, index) => {
    const before = row[index - 1];
    if (!before) return 0;
    const room = block.bend || before.bend ? gap * BEND_SHARE : gap;
    return (before.across + block.across) / 2 + room;
  });
}

/**
 * Places as near as possible to those wanted (least weighted squares) that keep the order and the distances.
 * Pool adjacent violators, the exact solution of isotonic regression (Barlow et al., 1972).
 */
export function spread(wanted: readonly { at: number; weight: number }[], distance: readonly number[]): number[] {
  const shifts: number[] = [];
  let shift = 0;
  for (const step of distance) shifts.push((shift += step));
  const pools: { sum: number; weight: number; count: number }[] = [];
  wanted.forEach(({ at, weight }, index) => {
    let pool = { sum: (at - (shifts[index] ?? 0)) * weight, weight, count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.weight > pool.sum / pool.weight; last = pools.at(-1)) {
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  });
  return pools
    .flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight))
    .map((base, index) => base + (shifts[index] ?? 0));
}
