import { expect, it } from "vitest";
import { timelineOf } from "./timeline";
import { advance, EMPTY_TRACE, type RunChange } from "./trace";

const started = (node: string): RunChange => ({ event: "node_started", data: { node, kind: "llm" } });
const finished = (node: string, duration_ms: number): RunChange => ({
  event: "node_finished",
  data: { node, duration_ms },
});

it("places the bars of a run that has ended", () => {
  let trace = advance(EMPTY_TRACE, [{ event: "run_started", data: {} }, started("a")], 1000);
  trace = advance(trace, [finished("a", 100), started("b")], 1100);
  trace = advance(trace, [finished("b", 300), { event: "run_finished", data: {} }], 1400);
  const { bars, totalMs, ticks } = timelineOf(trace, 99_999);
  expect(totalMs).toBe(400);
  expect(ticks).toEqual([0, 100, 200, 300, 400]);
  expect(bars).toEqual([
    { id: "a", status: "completed", offsetMs: 0, durationMs: 100, left: 0, width: 0.25 },
    { id: "b", status: "completed", offsetMs: 100, durationMs: 300, left: 0.25, width: 0.75 },
  ]);
});

it("lets what is under way grow until now", () => {
  const trace = advance(EMPTY_TRACE, [{ event: "run_started", data: {} }, started("a")], 1000);
  expect(timelineOf(trace, 1500).bars[0]).toMatchObject({ durationMs: 500, width: 1 });
});

it("never draws beyond its width when clocks disagree", () => {
  const base = advance(EMPTY_TRACE, [started("a"), finished("a", 80)], 1000);
  const { bars, totalMs } = timelineOf({ ...base, status: "completed", startedAt: 1010, finishedAt: 1050 }, 9999);
  expect(totalMs).toBe(80);
  expect(bars[0]).toMatchObject({ offsetMs: 0, left: 0, width: 1 });
});

it("is empty before anything began", () => {
  expect(timelineOf(EMPTY_TRACE, 5000)).toEqual({ bars: [], totalMs: 0, ticks: [0] });
});

it.each([
  [7, 4],
  [99, 5],
  [1234, 3],
  [61_000, 4],
])("has a readable number of ticks in %i ms", (ms, count) => {
  expect(timelineOf({ ...EMPTY_TRACE, startedAt: 0, finishedAt: ms }, 0).ticks).toHaveLength(count);
});
