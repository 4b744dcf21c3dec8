import { expect, it } from "vitest";
import { formatAgo, formatBytes, formatDuration, plural } from "./format";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1440, "1.4 kB"],
  [12_345, "12 kB"],
  [999_700, "1.0 MB"],
  [314_572_800, "315 MB"],
])("writes %i bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it.each([
  [0, "0 ms"],
  [0.2, "< 1 ms"],
  [12, "12 ms"],
  [999.7, "1.0 s"],
  [3210, "3.2 s"],
  [59_990, "1 min"],
  [125_000, "2 min 5 s"],
])("writes %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

it("counts", () => {
  expect(plural(1, "page")).toBe("1 page");
  expect(plural(0, "page")).toBe("0 pages");
  expect(plural(12345, "chunk")).toBe("12,345 chunks");
});

it("says how long ago", () => {
  const now = new Date("2026-05-05T12:00:00");
  expect(formatAgo("2026-05-05T11:59:40", now)).toBe("just now");
  expect(formatAgo("2026-05-05T11:15:00", now)).toBe("45 min ago");
  expect(formatAgo("2026-05-05T07:30:00", now)).toBe("4 h ago");
  expect(formatAgo("2026-03-04T07:30:00", now)).toBe("4 Mar");
  expect(formatAgo("2025-03-04T07:30:00", now)).toBe("4 Mar 2025");
});
