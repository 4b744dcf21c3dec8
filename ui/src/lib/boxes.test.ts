import { describe, expect, it } from "vitest";
import { blocksOf, placeOf, type Rect, rectsOf } from "./boxes";

const LINES = [
  { start: 0, end: 10, x0: 0.1, y0: 0.1, x1: 0.6, y1: 0.12 },
  { start: 11, end: 31, x0: 0.1, y0: 0.13, x1: 0.9, y1: 0.15 },
  { start: 32, end: 36, x0: 0.1, y0: 0.16, x1: 0.3, y1: 0.18 },
];

describe("rectsOf", () => {
  it("takes every line that is touched, the outer ones in part", () => {
    const found = rectsOf(LINES, 5, 34);
    expect(found.map(({ y0 }) => y0)).toEqual([0.1, 0.13, 0.16]);
    expect(found[0]?.x0).toBeCloseTo(0.35);
    expect(found[0]?.x1).toBeCloseTo(0.6);
    expect(found[1]).toEqual({ x0: 0.1, y0: 0.13, x1: 0.9, y1: 0.15 });
    expect(found[2]?.x1).toBeCloseTo(0.2);
  });
  it("goes to the page's end", () => expect(rectsOf(LINES, 32, Number.MAX_SAFE_INTEGER)).toHaveLength(1));
  it("finds nothing between lines and none without lines", () => {
    expect(rectsOf(LINES, 10, 11)).toEqual([]);
    expect(rectsOf([], 0, 9)).toEqual([]);
    expect(rectsOf([{ start: 3, end: 3, x0: 0, y0: 0, x1: 1, y1: 1 }], 0, 9)).toEqual([]);
  });
});

const line = (x0: number, y0: number): Rect => ({ x0, y0, x1: x0 + 0.4, y1: y0 + 0.02 });

describe("blocksOf", () => {
  it("joins the lines of a column", () =>
    expect(blocksOf([line(0.1, 0.1), line(0.1, 0.13), line(0.12, 0.16)])).toEqual([
      { x0: 0.1, y0: 0.1, x1: 0.52, y1: 0.18 },
    ]));
  it("begins anew in the next column", () =>
    expect(blocksOf([line(0.05, 0.8), line(0.05, 0.83), line(0.55, 0.1), line(0.55, 0.13)])).toHaveLength(2));
  it("begins anew after a wide gap", () => expect(blocksOf([line(0.1, 0.1), line(0.1, 0.5)])).toHaveLength(2));
  it("joins the cells of a row", () => expect(blocksOf([line(0.05, 0.1), line(0.55, 0.1)])).toHaveLength(1));
  it("of nothing is nothing", () => expect(blocksOf([])).toEqual([]));
});

it("is placed in percent", () =>
  expect(placeOf({ x0: 0.1, y0: 0.25, x1: 0.5, y1: 0.3 })).toEqual({
    left: "10%",
    top: "25%",
    width: "40%",
    height: "5%",
  }));
