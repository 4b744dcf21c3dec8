import { describe, expect, it } from "vitest";
import type { UsageRow } from "@/models";
import { barsOf, formatCount, limitInWords, periodOf } from "./usage";

const NOW = Date.parse("2026-03-04T12:34:56Z");

function row(time: string, tokens: number): UsageRow {
  return { time, requests: 1, failed: 0, estimated: 0, tokens_in: tokens, tokens_out: 2 * tokens, tokens_cached: 0 };
}

describe("periodOf", () => {
  it("begins with a whole hour or day", () => {
    expect(periodOf("day", NOW)).toEqual({ from: "2026-03-03T13:00:00.000Z", by: "hour" });
    expect(periodOf("week", NOW)).toEqual({ from: "2026-02-26T00:00:00.000Z", by: "day" });
  });
});

describe("barsOf", () => {
  it("has a bar for every hour, the empty ones too, and sums rows of the same", () => {
    const bars = barsOf([row("2026-03-04T12:00:00Z", 5), row("2026-03-04T12:00:00+00:00", 1)], "day", NOW);
    expect(bars).toHaveLength(24);
    expect(bars.at(-1)).toEqual({ time: "2026-03-04T12:00:00.000Z", tokensIn: 6, tokensOut: 12, requests: 2 });
    expect(bars[0]?.requests).toBe(0);
  });

  it("leaves out what lies outside", () => {
    const bars = barsOf([row("2026-01-01T00:00:00Z", 5), row("2027-01-01T00:00:00Z", 5)], "month", NOW);
    expect(bars).toHaveLength(30);
    expect(bars.every(({ requests }) => requests === 0)).toBe(true);
  });
});

describe("formatCount", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1.0 k"],
    [12_440, "12.4 k"],
    [999_600, "1.0 M"],
    [123_456_789, "123 M"],
  ])("%d is %s", (count, words) => expect(formatCount(count)).toBe(words));
});

it("a limit in words names what is limited only", () => {
  expect(limitInWords({ kind: "user", requests_per_minute: 6000, concurrent_requests: 0, tokens_per_day: null })).toBe(
    "Requests a minute: 6,000 · Requests at once: 0",
  );
});
