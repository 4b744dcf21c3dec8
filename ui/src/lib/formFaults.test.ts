import { expect, it } from "vitest";
import { decisionOf, fieldOfFault } from "./formFaults";
import { formOf } from "./schemaForm";

const form = formOf({
  type: "object",
  required: ["approved"],
  properties: {
    approved: { type: "boolean" },
    size: { type: "integer" },
    items: { type: "array", items: { type: "object" } },
    to: { type: "object", properties: { name: { type: "string" } } },
  },
});

it.each([
  ["value.size", "size"],
  ["value.to.name", "to.name"],
  ["value.to.other", "to"],
  ["value.items[2].name", "items"],
  ["value.gone", null],
  ["valued", null],
  ["node", null],
  [null, null],
])("finds the field of %s", (field, path) => expect(fieldOfFault(form, field, "value")).toBe(path));

it("is the whole of a form that is one value", () => {
  expect(fieldOfFault(formOf({ type: "string" }), "value", "value")).toBe("");
  expect(fieldOfFault(formOf({}), "value.deep[1]", "value")).toBe("");
});

it("asks for a decision only where it is needed", () => {
  expect(decisionOf(form)?.path).toBe("approved");
  expect(decisionOf(formOf({ type: "object", properties: { approved: { type: "boolean" } } }))).toBeNull();
  expect(decisionOf(formOf({ type: "boolean" }))).toBeNull();
});
