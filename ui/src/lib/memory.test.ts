import { expect, it } from "vitest";
import { formatMemory, sharesOf } from "./memory";

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
    ["other", 450, 0.45],
    ["free", 400, 0.4],
  ]);
});

it.each([
  [{ ...device, models_mb: 700 }],
  [{ ...device, used_mb: 1200 }],
  [{ ...device, models_mb: 2000 }],
  [{ ...device, total_mb: 0, used_mb: 0, models_mb: 0 }],
])("stays within the whole when figures do not add up: %j", (odd) => {
  const shares = sharesOf(odd);
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  expect(shares.every(({ share }) => share >= 0)).toBe(true);
});
