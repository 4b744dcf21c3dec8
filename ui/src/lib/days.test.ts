import { afterEach, describe, expect, it, vi } from "vitest";
import { dayOf, momentOf } from "./days";

afterEach(() => vi.unstubAllEnvs());

describe.each(["UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati"])(
  "a day in %s",
  (zone) => {
    it.each(["2026-11-28", "2026-12-31", "2028-02-29", "2026-03-29", "2026-10-25"])("%s is found again", (day) => {
      vi.stubEnv("TZ", zone);
      expect(dayOf(momentOf(day, "begin") ?? "", "begin")).toBe(day);
      expect(dayOf(momentOf(day, "end") ?? "", "end")).toBe(day);
      expect(dayOf(momentOf(day, "begin") ?? "", "end")).toBeUndefined();
    });
  },
);

it("goes from midnight to midnight where the person is", () => {
  vi.stubEnv("TZ", "America/Los_Angeles");
  expect(momentOf("2026-11-28", "begin")).toBe("2026-11-28T08:00:00.000Z");
  expect(momentOf("2026-11-28", "end")).toBe("2026-11-29T07:59:59.999999Z");
  expect(dayOf("2026-11-28T00:00:00Z", "begin")).toBeUndefined();
});

it("is as long as the clocks make it", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  expect(momentOf("2026-03-29", "begin")).toBe("2026-03-28T23:00:00.000Z");
  expect(momentOf("2026-03-29", "end")).toBe("2026-03-29T21:59:59.999999Z");
  expect(momentOf("2026-10-25", "end")).toBe("2026-10-25T22:59:59.999999Z");
});

it.each(["", "soon", "2026", "2026-13-01", "2026-11-28T00:00:00Z"])("reads no day from %j", (text) =>
  expect(momentOf(text, "begin")).toBeUndefined(),
);

it.each(["", "soon", "7", "2026-11-28T12:00:00Z", "2026-11-28T00:00:00", "2026-13-01"])(
  "knows no day that begins at %j",
  (text) => {
    vi.stubEnv("TZ", "UTC");
    expect(dayOf(text, "begin")).toBeUndefined();
  },
);
