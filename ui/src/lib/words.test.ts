import { expect, it } from "vitest";
import { inWords } from "./words";

const fault = (status: number, requestId: string | null) =>
  Object.assign(new Error("It failed."), { status, requestId });

it("says what was thrown", () => {
  expect(inWords(new Error("No."))).toBe("No.");
  expect(inWords("x")).toBe("Something went wrong.");
});

it("names the request in which the server failed, and no other", () => {
  expect(inWords(fault(500, "0199"))).toBe("It failed. Its id: 0199");
  expect(inWords(fault(500, null))).toBe("It failed.");
  expect(inWords(fault(404, "0199"))).toBe("It failed.");
});
