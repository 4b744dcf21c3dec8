import { expect, test } from "vitest";
import { portionOf } from "./pacing";
import type { RunChange } from "./trace";

const starts = (count: number): RunChange[] =>
  Array.from({ length: count }, (_, index) => ({ event: "node_started", data: { node: `n${index}` } }));

test("what few nodes have done is shown at once", () => {
  expect(portionOf(starts(24))).toBe(24);
});

test("of many nodes a part is shown in a frame", () => {
  expect(portionOf(starts(300))).toBe(24);
});

test("text in many pieces is one change of its node", () => {
  const pieces = Array.from({ length: 500 }, (): RunChange => ({ event: "delta", data: { node: "n0", text: "x" } }));
  expect(portionOf(pieces)).toBe(500);
  expect(portionOf([...starts(23), ...pieces])).toBe(523);
});

test("a run that is far ahead is caught up with", () => {
  let waiting = starts(10_000);
  let frames = 0;
  for (; waiting.length > 0; frames += 1) waiting = waiting.slice(portionOf(waiting));
  expect(frames).toBeLessThan(120);
});
