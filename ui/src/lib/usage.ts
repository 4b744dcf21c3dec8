import type { UsageLimit, UsageRow } from "@/models";

export type Period = "day" | "week" | "month";

const HOUR = 3_600_000;
const BARS: Record<Period, { step: number; count: number; by: "hour" | "day" }> = {
  day: { step: HOUR, count: 24, by: "hour" },
  week: { step: 24 * HOUR, count: 7, by: "day" },
  month: { step: 24 * HOUR, count: 30, by: "day" },
};

/** The hours or days (UTC) that a period shows: the start of its first, and by what to group. */
export function periodOf(period: Period, now: number): { from: string; by: "hour" | "day" } {
  const { step, count, by } = BARS[period];
  return { from: new Date(firstOf(step, count, now)).toISOString(), by };
}

function firstOf(step: number, count: number, now: number): number {
  return Math.floor(now / step) * step - (count - 1) * step;
}

export interface UsageBar {
  /** Where the hour or day begins, ISO 8601. */
  time: string;
  tokensIn: number;
  tokensOut: number;
  requests: number;
}

/** One bar for each hour or day of the period, in order, those without a request too. */
export function barsOf(rows: readonly UsageRow[], period: Period, now: number): UsageBar[] {
  const { step, count } = BARS[period];
  const first = firstOf(step, count, now);
  const bars = Array.from({ length: count }, (_, at) => ({
    time: new Date(first + at * step).toISOString(),
    tokensIn: 0,
    tokensOut: 0,
    requests: 0,
  }));
  for (const row of rows) {
    if (!row.time) continue;
    const bar = bars[Math.floor((Date.parse(row.time) - first) / step)];
    if (!bar) continue;
    bar.tokensIn += row.tokens_in;
    bar.tokensOut += row.tokens_out;
    bar.requests += row.requests;
  }
  return bars;
}

/** `950`, `12.4 k`, `3.1 M`: a count in three figures. */
export function formatCount(count: number): string {
  const units = ["", "k", "M", "G", "T"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return [value.toFixed(digits), units[unit]].filter(Boolean).join(" ");
}

export const LIMIT_MEASURES = [
  ["requests_per_minute", "Requests a minute"],
  ["tokens_per_minute", "Tokens a minute"],
  ["tokens_per_day", "Tokens a day"],
  ["concurrent_requests", "Requests at once"],
] as const;

/** `Requests a minute: 60 · Requests at once: 2`. */
export function limitInWords(limit: UsageLimit): string {
  return LIMIT_MEASURES.flatMap(([field, words]) => {
    const most = limit[field];
    return most === null || most === undefined ? [] : [`${words}: ${most.toLocaleString("en")}`];
  }).join(" · ");
}
