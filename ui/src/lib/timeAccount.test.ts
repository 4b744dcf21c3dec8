import { expect, it } from "vitest";
import { overlaps, sharesOf } from "./timeAccount";

const time = {
  ...{ queue_ms: 10, compile_ms: 0, nodes_ms: 20, model_ms: 50, checkpoint_ms: 10, paused_ms: 0, other_ms: 10 },
  total_ms: 100,
};

it("says what share each part has", () => {
  expect(sharesOf(time).map(({ part, share }) => [part, share])).toEqual([
    ["queue", 0.1],
    ["compile", 0],
    ["nodes", 0.2],
    ["model", 0.5],
    ["checkpoint", 0.1],
    ["paused", 0],
    ["other", 0.1],
  ]);
});

it("bears nothing and clocks that ran backwards", () => {
  const none = { queue_ms: -2, compile_ms: 0, nodes_ms: 0, model_ms: 0, checkpoint_ms: 0, paused_ms: 0, other_ms: 0 };
  expect(sharesOf({ ...none, total_ms: 0 }).every(({ ms, share }) => ms === 0 && share === 0)).toBe(true);
});

it("knows work side by side", () => {
  expect(overlaps(time)).toBe(false);
  expect(overlaps({ ...time, model_ms: 90 })).toBe(true);
});
