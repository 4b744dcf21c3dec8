import { describe, expect, it } from "vitest";
import { formatMemory, historyOf, sharesOf } from "./memory";

it.each([
  [0, "0 MiB"],
  [0.4, "< 1 MiB"],
  [91.4, "91 MiB"],
  [1023.7, "1.0 GiB"],
  [1536, "1.5 GiB"],
  [143_360, "140 GiB"],
])("writes %d MiB as %s", (mb, text) => expect(formatMemory(mb)).toBe(text));

const device = { id: "cpu", kind: "cpu" as const, total_mb: 1000, used_mb: 600, free_mb: 400, models_mb: 150 };

it("shares a device's memory", () => {
  expect(sharesOf(device).map(({ part, mb, share }) => [part, mb, share])).toEqual([
    ["models", 150, 0.15],
    ["planned", 0, 0],
    ["other", 450, 0.45],
    ["free", 400, 0.4],
  ]);
});

it.each([
  [{ ...device, models_mb: 700 }],
  [{ ...device, planned_mb: 5000 }],
  [{ ...device, used_mb: 1200 }],
  [{ ...device, models_mb: 2000 }],
  [{ ...device, total_mb: 0, used_mb: 0, models_mb: 0 }],
])("stays within the whole when figures do not add up: %j", (odd) => {
  const shares = sharesOf(odd);
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(shares.every(({ share }) => share >= 0)).toBe(true);
});

describe("historyOf", () => {
  const now = Date.parse("2026-01-01T01:00:00Z");
  const point = (minute: number, used_mb: number, models_mb: number, id = "cpu") => ({
    at: new Date(now - minute * 60_000).toISOString(),
    device: id,
    used_mb,
    models_mb,
  });

  it("draws a device's own points, the newest at the right", () => {
    const drawn = historyOf(
      [point(60, 0, 0), point(30, 500, 250), point(1, 9, 9, "gpu0"), point(0, 1000, 2000)],
      device,
      now,
    );
    expect(drawn?.used).toBe("0.0000,1 0.0000,1.0000 0.5000,0.5000 1.0000,0.0000 1.0000,1");
    expect(drawn?.models).toBe("0.0000,1 0.0000,1.0000 0.5000,0.7500 1.0000,0.0000 1.0000,1");
  });

  it("draws nothing of a single point", () => expect(historyOf([point(1, 5, 5)], device, now)).toBeNull());
});
