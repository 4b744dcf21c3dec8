import { expect, it } from "vitest";
import { faultOfPassword, faultOfUsername } from "./credentials";

it.each(["ada", "a.b-c_d@e+f", "7", "x".repeat(64)])("takes the username %s", (name) => {
  expect(faultOfUsername(name)).toBeNull();
});

it.each(["", ".ada", "ada lovelace", "adä", "x".repeat(65)])("refuses the username %j", (name) => {
  expect(faultOfUsername(name)).not.toBeNull();
});

it("wants 8 to 256 characters of password", () => {
  expect(faultOfPassword("1234567")).not.toBeNull();
  expect(faultOfPassword("12345678")).toBeNull();
  expect(faultOfPassword("x".repeat(257))).not.toBeNull();
});
