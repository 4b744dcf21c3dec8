import { expect, it } from "vitest";
import { edgePath } from "./edgePath";

it("is smooth between layers and straight past them", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 10, y: 20 },
    { x: 30, y: 20 },
    { x: 40, y: 0.04 },
  ];
  expect(edgePath(points, "right").path).toBe("M 0,0 C 5,0 5,20 10,20 L 30,20 C 35,20 35,0 40,0");
  expect(edgePath(points.slice(0, 2), "down").path).toBe("M 0,0 C 0,10 10,10 10,20");
});

it("puts the label on the curve, past the half", () => {
  const { label } = edgePath(
    [
      { x: 0, y: 0 },
      { x: 100, y: 100 },
    ],
    "right",
  );
  expect(label.x).toBeCloseTo(57.6);
  expect(label.y).toBeCloseTo(64.8);
});

it("has nothing to draw without two ends", () => {
  expect(edgePath([], "down").path).toBe("");
});
