import { describe, expect, it } from "vitest";
import type { Case } from "@/models";
import { draftOfCase, NEW_CHECK, readCase } from "./drafts";

const of = { ref: "output.answer" };
const TEST: Case = {
  name: "<b>it</b>",
  input: { question: "Why?" },
  pinned: { search: { hits: [] } },
  timeout_seconds: 10,
  checks: [
    { kind: "equals", of, value: "16", negate: true },
    { kind: "contains", of: { expr: { length: of } }, value: [1], ignore_case: true },
    { kind: "schema", of, form: { type: "string" } },
    { kind: "similar", of, value: "lake", least: 0.5 },
    { kind: "judged", of, question: "Is it polite?", model: "a/b" },
  ],
};

describe("a draft of a case", () => {
  it("comes back as the case that it was", () =>
    expect(readCase(draftOfCase(TEST, {}), [])).toEqual({ test: TEST, faults: {} }));

  it("leaves out what is as it would be anyway", () =>
    expect(readCase({ ...draftOfCase(null, { question: "" }), name: " new " }, [])).toEqual({
      test: { name: "new", input: { question: "" }, checks: [] },
      faults: {},
    }));

  it("tells all that is wrong at once", () => {
    const checks = [
      NEW_CHECK,
      { ...NEW_CHECK, of: '{"expr": ' },
      { ...NEW_CHECK, of: "output.a", kind: "schema" as const, form: "[]" },
      { ...NEW_CHECK, of: "output.a", kind: "judged" as const },
    ];
    const draft = { ...draftOfCase(TEST, {}), name: "other", input: "{", pinned: "3", checks };
    const { test, faults } = readCase(draft, ["other"]);
    expect(test).toBeNull();
    expect(Object.keys(faults)).toEqual([
      "name",
      "input",
      "pinned",
      "checks.0.of",
      "checks.1.of",
      "checks.2.form",
      "checks.3.question",
    ]);
  });
});
