import { expect, it } from "vitest";
import { chartOf, heightOf, ticksOf } from "./pageChart";
import { MOST_ROWS, tableOf } from "./pageTable";

it("makes cells of objects, of lists and of plain values", () => {
  const objects = tableOf(
    [{ a: 1, b: { c: "<b>" } }, { "b.c": "dot" }],
    [{ field: "a" }, { field: "b.c", title: "C" }],
  );
  expect(objects.columns.map(({ title }) => title)).toEqual(["A", "C"]);
  expect(objects.rows.map(({ cells }) => cells)).toEqual([
    ["1", "<b>"],
    ["", "dot"],
  ]);
  expect(tableOf([["x", 2]], []).columns.map(({ title }) => title)).toEqual(["Column 1", "Column 2"]);
  expect(tableOf(["plain"], []).rows[0]?.cells).toEqual(["plain"]);
  expect(tableOf("no list", []).rows).toEqual([]);
  expect(tableOf(Array(MOST_ROWS + 3).fill(1), []).hidden).toBe(3);
});

it("finds round numbers around what is drawn", () => {
  expect(ticksOf(0, 10)).toEqual([0, 2.5, 5, 7.5, 10]);
  expect(ticksOf(-3, 3)).toEqual([-4, -2, 0, 2, 4]);
  expect(ticksOf(0, 0)[0]).toBe(0);
  expect(heightOf(5, [0, 5, 10])).toBe(0.5);
});

it("draws numbers alone", () => {
  const chart = chartOf([{ m: "May", n: 2 }, { m: null, n: "many" }, { n: Infinity }], "m", ["n"]);
  expect(chart.labels).toEqual(["May", "", ""]);
  expect(chart.series).toEqual([{ name: "n", values: [2, null, null] }]);
  expect(chartOf([3, 4], "", ["n"]).series[0]?.values).toEqual([3, 4]);
});
