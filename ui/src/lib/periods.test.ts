import { expect, it } from "vitest";
import { groupByPeriod } from "./periods";

it("groups by day, week and month", () => {
  const now = new Date("2026-05-20T09:00:00");
  const times = [
    "2026-05-20T08:59:00",
    "2026-05-20T00:00:00",
    "2026-05-19T23:59:00",
    "2026-05-13T10:00:00",
    "2026-05-12T10:00:00",
    "2026-03-01T10:00:00",
    "2025-05-01T10:00:00",
  ];
  const groups = groupByPeriod(times, (time) => time, now).map(({ label, things }) => [label, things.length]);
  expect(groups).toEqual([
    ["Today", 2],
    ["Yesterday", 1],
    ["Previous 7 days", 1],
    ["May", 1],
    ["March", 1],
    ["May 2025", 1],
  ]);
});
