import { describe, expect, it } from "vitest";
import { betterFit, type Direction, layersOf, layOut, type LayoutEdge, type LayoutNode, SPACING } from "./layout";
import { spread } from "./straighten";

const nodes = (names: string): LayoutNode[] => names.split(" ").map((id) => ({ id, width: 200, height: 60 }));
const edges = (ways: string): LayoutEdge[] =>
  ways.split(" ").map((way) => {
    const [from = "", to = ""] = way.split(">");
    return { id: way, from, to, labelled: false };
  });

describe("layers", () => {
  it("are the longest paths", () => {
    const layers = layersOf(nodes("s a b c e"), edges("s>a a>b b>c s>c c>e s>e"));
    expect(Object.fromEntries(layers)).toEqual({ s: 0, a: 1, b: 2, c: 3, e: 4 });
  });

  it("bear cycles, loops and edges to nowhere", () => {
    const layers = layersOf(nodes("s a b"), edges("s>a a>b b>a a>a b>gone gone>s"));
    expect(Object.fromEntries(layers)).toEqual({ s: 0, a: 1, b: 2 });
  });

  it("bear a chain that is deeper than the call stack", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
    const chain = many.slice(1).map((id, i) => `n${i}>${id}`);
    expect(layersOf(nodes(many.join(" ")), edges(chain.join(" "))).get("n19999")).toBe(19_999);
  });
});

describe.each<Direction>(["right", "down"])("layOut %s", (direction) => {
  const main = direction === "right" ? "x" : "y";
  const cross = direction === "right" ? "y" : "x";

  it("draws a chain as a straight line with even gaps", () => {
    const { places, width, height } = layOut(nodes("s a b"), edges("s>a a>b"), direction);
    const size = direction === "right" ? 200 : 60;
    expect(["s", "a", "b"].map((id) => places.get(id)?.[main])).toEqual(
      [0, 1, 2].map((i) => i * (size + SPACING[direction].layer)),
    );
    expect(new Set(["s", "a", "b"].map((id) => places.get(id)?.[cross]))).toEqual(new Set([0]));
    expect([width, height].sort((a, b) => a - b)).toEqual(
      [direction === "right" ? 60 : 200, 3 * size + 2 * SPACING[direction].layer].sort((a, b) => a - b),
    );
  });

  it("centres a fork over its ways and keeps them apart", () => {
    const { places } = layOut(nodes("s a b e"), edges("s>a s>b a>e b>e"), direction);
    const [s, a, b, e] = ["s", "a", "b", "e"].map((id) => places.get(id)?.[cross] ?? NaN);
    expect(s).toBeCloseTo(((a ?? 0) + (b ?? 0)) / 2);
    expect(e).toBeCloseTo(s ?? NaN);
    expect((b ?? 0) - (a ?? 0)).toBeCloseTo((direction === "right" ? 60 : 200) + SPACING[direction].sibling);
  });

  it("uncrosses what need not cross", () => {
    const { places } = layOut(nodes("s a b c d"), edges("s>a s>b a>d b>c"), direction);
    const side = (p: string, q: string) => Math.sign((places.get(p)?.[cross] ?? 0) - (places.get(q)?.[cross] ?? 0));
    expect(side("a", "b")).toBe(side("d", "c"));
    expect(side("a", "b")).not.toBe(0);
  });

  it("leads a long edge past the nodes between, never through them", () => {
    const { places, routes } = layOut(nodes("s a b e"), edges("s>a a>b b>e s>e"), direction);
    const route = routes.get("s>e") ?? [];
    expect(route).toHaveLength(6);
    for (const id of ["a", "b"]) {
      const from = places.get(id)?.[cross] ?? NaN;
      const size = direction === "right" ? 60 : 200;
      for (const point of route.slice(1, -1)) expect(point[cross] < from || point[cross] > from + size).toBe(true);
    }
    expect(routes.get("s>a")).toHaveLength(2);
  });

  it("draws an edge backwards from its own end and leaves out a loop", () => {
    const { places, routes } = layOut(nodes("a b"), edges("a>b b>a a>a"), direction);
    expect(routes.get("b>a")?.at(-1)?.[main]).toBeLessThan(places.get("b")?.[main] ?? NaN);
    expect(routes.get("b>a")?.[0]?.[main]).toBeGreaterThan(routes.get("b>a")?.at(-1)?.[main] ?? NaN);
    expect(routes.has("a>a")).toBe(false);
  });

  it("makes room for labels after the layer that has them", () => {
    const labelled = edges("s>a a>b").map((edge) => ({ ...edge, labelled: edge.from === "a" }));
    const { places } = layOut(nodes("s a b"), labelled, direction);
    const gap = (p: string, q: string) => (places.get(q)?.[main] ?? 0) - (places.get(p)?.[main] ?? 0);
    expect(gap("a", "b") - gap("s", "a")).toBe(SPACING[direction].labelledLayer - SPACING[direction].layer);
  });

  it("never lets two nodes overlap, whatever the graph", () => {
    // A small linear congruential generator: the same graphs on every run.
    let seed = 7;
    const next = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
    for (let round = 0; round < 20; round++) {
      const names = Array.from({ length: 12 }, (_, i) => `n${i}`);
      const ways = Array.from({ length: 20 }, () => `n${next(12)}>n${next(12)}`);
      const { places, width, height } = layOut(nodes(names.join(" ")), edges([...new Set(ways)].join(" ")), direction);
      const boxes = [...places.values()];
      for (const [i, a] of boxes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + 200 <= width + 0.01 && a.y + 60 <= height + 0.01).toBe(true);
        for (const b of boxes.slice(i + 1)) {
          expect(Math.abs(a.x - b.x) >= 199.9 || Math.abs(a.y - b.y) >= 59.9).toBe(true);
        }
      }
    }
  });
});

it("gives up bends where there would be too many", () => {
  const names = Array.from({ length: 300 }, (_, i) => `n${i}`);
  const chain = names.slice(1).map((id, i) => `n${i}>${id}`);
  const long = names.slice(2, 60).map((id) => `n0>${id}`);
  const longer = names.slice(2).map((id) => `n0>${id}`);
  const route = (ways: string[]) => layOut(nodes(names.join(" ")), edges([...chain, ...ways].join(" ")), "down").routes;
  expect(route(long).get("n0>n50")).toHaveLength(100);
  expect(route(longer).get("n0>n50")).toHaveLength(2);
});

it("takes the direction that fits better", () => {
  const chain = [nodes("s a b c"), edges("s>a a>b b>c")] as const;
  const right = layOut(...chain, "right");
  const down = layOut(...chain, "down");
  expect(betterFit(right, down, 2000, 300)).toBe(right);
  expect(betterFit(right, down, 400, 700)).toBe(down);
  expect(betterFit(right, down, 4000, 4000)).toBe(right);
});

it("spreads by the least squares that keep order and distance", () => {
  const at = (...places: number[]) => places.map((place) => ({ at: place, weight: 1 }));
  expect(spread(at(0, 100), [0, 50])).toEqual([0, 100]);
  expect(spread(at(0, 0), [0, 50])).toEqual([-25, 25]);
  expect(spread(at(10, 0, 200), [0, 10, 10])).toEqual([0, 10, 200]);
  const [heavy = NaN] = spread(
    [
      { at: 0, weight: 9 },
      { at: 0, weight: 1 },
    ],
    [0, 50],
  );
  expect(heavy).toBeCloseTo(-5);
});
