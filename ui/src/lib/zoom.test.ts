import { expect, it } from "vitest";
import { FIT, nextZoom } from "./zoom";

it("goes in and out by steps, and ends", () => {
  expect(nextZoom(FIT, "in")).toBe(1.25);
  expect(nextZoom(FIT, "out")).toBe(0.75);
  expect(nextZoom(4, "in")).toBeNull();
  expect(nextZoom(0.5, "out")).toBeNull();
});
