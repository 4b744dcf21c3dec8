import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Condition } from "@/models";
import {
  conditionOf,
  countOf,
  faultOfCondition,
  groupOf,
  newGroup,
  newRule,
  operatorInWords,
  type Rule,
  withField,
  withMember,
} from "./conditions";

function rule(field: string, op: Rule["op"], ...values: string[]): Rule {
  return { ...newRule(field), op, values };
}

describe("conditionOf", () => {
  it("is the one condition where there is one", () =>
    expect(conditionOf(newGroup("all", [rule("document.name", "contains", "manual")]))).toEqual({
      field: "document.name",
      op: "contains",
      value: "manual",
    }));
  it("nests groups", () => {
    const inner = newGroup("none", [
      rule("chunk.page", "between", "2", "9"),
      rule("chunk.headings", "contains", "Safety"),
    ]);
    const group = newGroup("any", [rule("metadata.reviewed", "missing"), inner]);
    expect(conditionOf(group)).toEqual({
      any: [
        { field: "metadata.reviewed", op: "missing" },
        {
          not: {
            any: [
              { field: "chunk.page", op: "between", value: [2, 9] },
              { field: "chunk.headings", op: "contains", value: "Safety" },
            ],
          },
        },
      ],
    });
  });
  it.each([
    ["2020", 2020],
    ['"2020"', "2020"],
    ["true", true],
    ["plain words", "plain words"],
    ['{"a": 1}', { a: 1 }],
  ])("reads the metadata value %s", (text, value) =>
    expect(conditionOf(newGroup("all", [rule("metadata.x", "eq", text)]))).toEqual({
      field: "metadata.x",
      op: "eq",
      value,
    }),
  );
  it("takes keys as texts", () =>
    expect(conditionOf(newGroup("all", [rule("metadata.x", "has_keys", "2020", "a")]))?.value).toEqual(["2020", "a"]));
  it("leaves out what is not filled in", () => {
    const unfinished = [
      newRule(),
      rule("metadata.", "eq", "x"),
      rule("", "missing"),
      rule("chunk.page", "eq", "three"),
      rule("chunk.page", "between", "2"),
      rule("document.created_at", "gte", "soon"),
      rule("document.created_at", "between", "2026-11-28"),
      rule("document.created_at", "eq"),
      newGroup(),
    ];
    expect(conditionOf(newGroup("all", unfinished))).toBeNull();
  });
});

const NESTED: Condition = {
  all: [
    { field: "metadata.year", op: "eq", value: 2020 },
    { field: "metadata.code", op: "in", value: ["7", "b"] },
    { any: [{ field: "chunk.page", op: "lte", value: 3 }, { not: { field: "document.source", op: "missing" } }] },
  ],
};

describe("groupOf", () => {
  it.each<[string, Condition]>([
    ["a nested one", NESTED],
    ["one alone", { field: "document.name", op: "eq", value: "a.pdf" }],
    ["a negation of several", { not: { any: [NESTED, { field: "chunk.page", op: "gt", value: 1 }] } }],
    ["a text that looks like something else", { field: "metadata.a", op: "eq", value: "null" }],
  ])("gives back %s unchanged", (_, condition) => {
    const group = groupOf(condition);
    expect(group && conditionOf(group)).toEqual(condition);
  });
  it("is empty for none", () => expect(groupOf(null)?.rules).toEqual([]));
  it("has no form for what no builder makes", () =>
    expect(groupOf({ field: "chunk.page", op: "has_key", value: "x" })).toBeNull());
});

describe("days", () => {
  const BEGIN = "2026-11-28T05:00:00.000Z";
  const END = "2026-11-29T04:59:59.999999Z";
  const added = (op: Rule["op"], value: unknown): Condition => ({ field: "document.created_at", op, value });
  beforeEach(() => vi.stubEnv("TZ", "America/New_York"));
  afterEach(() => vi.unstubAllEnvs());

  it.each<[Rule["op"], string[], Condition]>([
    ["gte", ["2026-11-28"], added("gte", BEGIN)],
    ["lt", ["2026-11-28"], added("lt", BEGIN)],
    ["lte", ["2026-11-28"], added("lte", END)],
    ["gt", ["2026-11-28"], added("gt", END)],
    ["eq", ["2026-11-28"], added("between", [BEGIN, END])],
    ["between", ["2026-11-27", "2026-11-28"], added("between", ["2026-11-27T05:00:00.000Z", END])],
  ])("%s %j is asked for in moments, and read back", (op, days, condition) => {
    expect(conditionOf(newGroup("all", [rule("document.created_at", op, ...days)]))).toEqual(condition);
    expect(groupOf(condition)?.rules).toMatchObject([{ op, values: days }]);
  });
  it("reads what is between the ends of one day as on that day", () => {
    const group = newGroup("all", [rule("document.created_at", "between", "2026-11-28", "2026-11-28")]);
    expect(groupOf(conditionOf(group))?.rules).toMatchObject([{ op: "eq", values: ["2026-11-28"] }]);
  });
  it.each<Condition>([
    added("lte", "2026-11-28"),
    added("gte", "2026-11-28T12:00:00Z"),
    added("lte", BEGIN),
    added("eq", BEGIN),
    added("between", [BEGIN]),
    added("gte", 7),
  ])("has no form for moments within a day: %j", (condition) => expect(groupOf(condition)).toBeNull());
});

describe("withMember and withField", () => {
  it("change and take out at any depth", () => {
    const deep = rule("chunk.page", "eq", "1");
    const group = newGroup("all", [newGroup("any", [deep])]);
    const changed = withMember(group, deep.id, { ...deep, values: ["2"] });
    expect(conditionOf(changed)).toEqual({ field: "chunk.page", op: "eq", value: 2 });
    expect(conditionOf(withMember(group, deep.id, null))).toBeNull();
    expect(withMember(group, group.id, null)).toBe(group);
  });
  it("keep the value for a field of the same kind only", () => {
    const named = rule("document.name", "eq", "a");
    expect(withField(named, "document.source")).toMatchObject({ op: "eq", values: ["a"] });
    expect(withField(named, "document.created_at")).toMatchObject({ op: "eq", values: [] });
  });
});

it("says of a list that it holds the whole of a text", () => {
  expect(operatorInWords("contains", "list")).toBe("include exactly");
  expect(operatorInWords("contains", "text")).toBe("contains");
});

describe("faultOfCondition", () => {
  it("accepts conditions", () => expect(faultOfCondition(NESTED)).toBeNull());
  it.each<[unknown, RegExp]>([
    [[], /is an object/],
    [{}, /one of: all/],
    [{ all: [], field: "x" }, /one of: all/],
    [{ all: [] }, /1 to 50/],
    [{ any: [{ field: "x", op: "like", value: 1 }] }, /op is one of/],
    [{ field: "x" }, /op is one of/],
    [{ field: 3, op: "eq" }, /names what/],
    [{ not: "x" }, /is an object/],
  ])("refuses %j", (value, words) => expect(faultOfCondition(value)).toMatch(words));
  it("refuses what is nested without end", () => {
    let deep: unknown = { field: "x", op: "missing" };
    for (let i = 0; i < 5_000; i++) deep = { not: deep };
    expect(faultOfCondition(deep)).toMatch(/deep at most/);
  });
});

it("counts comparisons", () => {
  expect(countOf(null)).toBe(0);
  expect(countOf(NESTED)).toBe(4);
});
