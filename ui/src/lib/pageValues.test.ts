import { describe, expect, it } from "vitest";
import { asText, defaultsOf, isSomething, lookUp, stateKeysOf, valueOf, withKey } from "./pageValues";

const scope = {
  state: { count: 3, rows: [{ name: "<b>a</b>" }, { name: "b" }], none: null },
  session: { pick: ["x"] },
};

describe("valueOf", () => {
  it("looks up references, from the end of lists too", () => {
    expect(valueOf({ ref: "state.rows.-1.name" }, scope)).toBe("b");
    expect(valueOf({ ref: "state.rows.7.name" }, scope)).toBeUndefined();
    expect(valueOf({ ref: "nothing.here" }, scope)).toBeUndefined();
  });

  it("writes templates: nothing for what is missing, JSON for what is no text", () => {
    expect(valueOf({ template: "{{ state.count }} of {{state.rows.0.name}}{{ state.none }}{{ x.y }}" }, scope)).toBe(
      "3 of <b>a</b>",
    );
    expect(valueOf({ template: "{{ session.pick }}" }, scope)).toBe('["x"]');
  });

  it("takes literals as they stand, and looks into plain lists and objects", () => {
    expect(valueOf({ literal: { ref: "state.count" } }, scope)).toEqual({ ref: "state.count" });
    expect(valueOf({ a: [{ ref: "state.count" }, { ref: "gone" }], ref: 1 }, scope)).toEqual({ a: [3, null], ref: 1 });
  });

  it("finds nothing that objects have by nature", () => {
    expect(lookUp("state.constructor.name", scope)).toBeUndefined();
    expect(lookUp("state.__proto__", scope)).toBeUndefined();
    expect(lookUp("state.rows.length", scope)).toBeUndefined();
  });
});

it("tells what is something", () => {
  expect([null, undefined, false, 0, "", [], {}].map(isSomething)).toEqual(Array(7).fill(false));
  expect([true, 1, "x", [0], { a: null }].map(isSomething)).toEqual(Array(5).fill(true));
});

it("finds the state keys that a page shows", () => {
  const page = {
    elements: [
      { value: { ref: "state.b.0.c" }, when: { template: "{{ state.a }} {{ input.x }}" } },
      { on_press: [{ do: "run", input: { n: { ref: "state.b" } } }], text: "state.none" },
    ],
  };
  expect(stateKeysOf(page)).toEqual(["a", "b"]);
});

it("reads defaults, writes words, and changes keys without touching the rest", () => {
  expect(defaultsOf({ properties: { a: { default: 1 }, b: { type: "string" }, c: { default: null } } })).toEqual({
    a: 1,
    c: null,
  });
  expect([asText(null), asText("x"), asText({ a: 1 })]).toEqual(["", "x", '{"a":1}']);
  expect(withKey({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
  expect(withKey({ a: 1 }, "a", 0)).toEqual({ a: 0 });
});
