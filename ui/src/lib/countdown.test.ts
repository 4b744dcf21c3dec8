import { expect, it } from "vitest";
import { countdown } from "./countdown";

const now = Date.parse("2026-05-05T12:00:00Z");
it.each([
  ["2026-05-05T12:00:08.2Z", "9 s"],
  ["2026-05-05T12:04:08Z", "4 min 8 s"],
  ["2026-05-05T13:05:00Z", "1 h 5 min"],
  ["2026-05-07T15:00:01Z", "2 d 3 h"],
  ["2026-05-05T12:00:00Z", "now"],
  ["2026-05-05T11:00:00Z", "now"],
  ["soon", "now"],
])("is %s away: %s", (until, words) => expect(countdown(until, now)).toBe(words));
