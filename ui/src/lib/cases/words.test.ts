import { describe, expect, it } from "vitest";
import type { Check } from "@/models";
import { checkInWords, readPlace, readValue, typedPlace, typedValue } from "./words";

const of = { ref: "output.answer" };

it.each<[Check, string]>([
  [{ kind: "equals", of, value: 3 }, "output.answer is 3"],
  [{ kind: "equals", of, value: "a", negate: true }, "output.answer is not “a”"],
  [{ kind: "contains", of, value: "16 bar" }, "output.answer contains “16 bar”"],
  [{ kind: "contains", of, value: { n: 1 }, negate: true }, 'output.answer does not contain {"n":1}'],
  [{ kind: "schema", of, form: {} }, "output.answer fits the schema"],
  [{ kind: "similar", of, value: "a" }, "output.answer means “a”"],
  [{ kind: "judged", of, question: "Is it polite?" }, "output.answer: Is it polite?"],
  [{ kind: "equals", of: { expr: { length: of } }, value: 1 }, "length of output.answer is 1"],
])("says what %j asks for", (check, words) => expect(checkInWords(check)).toBe(words));

describe("what is typed", () => {
  it.each([["lake"], [""], ["16"], ["null"], ['"quoted"'], [16], [null], [true], [{ a: [1] }], ["{not json"]])(
    "%j comes back as it was",
    (value) => expect(readValue(typedValue(value))).toEqual(value),
  );

  it("shows a text without quotes, unless it could be taken for something else", () => {
    expect(typedValue("lake")).toBe("lake");
    expect(typedValue("16")).toBe('"16"');
  });

  it.each([[of], [{ expr: { length: of } }], [{ template: "{{ output.answer }}" }]])("%j is a place", (place) =>
    expect(readPlace(typedPlace(place))).toEqual({ of: place }),
  );

  it("is refused where it is broken JSON", () => expect(readPlace('{"expr": ')).toBeNull());
});
