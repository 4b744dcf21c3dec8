import { expect, it } from "vitest";
import { pointOffset, unitOffset } from "./codePoints";

const TEXT = "a😀b𝒜";

it.each([
  [0, 0],
  [1, 1],
  [2, 3],
  [3, 4],
  [4, 6],
])("code point %i is unit %i, and back", (points, units) => {
  expect(unitOffset(TEXT, points)).toBe(units);
  expect(pointOffset(TEXT, units)).toBe(points);
});

it("ends where the text ends", () => {
  expect(unitOffset(TEXT, 99)).toBe(6);
  expect(pointOffset(TEXT, 99)).toBe(4);
});
