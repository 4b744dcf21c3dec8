import { expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { answerableNodes, modeOf, referencesOf, targetsOf, textOfValue, valueOfText } from "./pageBindings";
import { firstPage, idsFor, KINDS, newElement, typesOfTarget } from "./pageElements";
import { fieldsOfKind, withField } from "./pageFields";

const toolchain: Toolchain = {
  id: "t",
  title: "T",
  input: {
    type: "object",
    properties: {
      question: { type: "string" },
      collection_ids: { type: ["array", "null"] },
      loud: { type: "boolean" },
    },
  },
  state: { answer: { type: "string" } },
  nodes: [
    { id: "ask", kind: "approval" },
    { id: "nap", kind: "wait", seconds: 1 },
    { id: "each", kind: "loop", max_iterations: 2, body: { nodes: [{ id: "inner", kind: "wait", event: "paid" }] } },
  ],
  edges: [],
  output: { answer: { ref: "state.answer" }, sources: [] },
  stream: "answer",
};
const page = { session: { pick: { type: "array" as const } } };

it("makes a new element of every kind, each with fields to set", () => {
  for (const { kind } of KINDS.flatMap(({ kinds }) => kinds)) {
    const { element, session } = newElement(kind, "made", toolchain);
    expect(element).toMatchObject({ id: "made", kind });
    if (session) expect(JSON.stringify(element)).toContain(`session.${session.name}`);
    expect(fieldsOfKind(kind).length).toBeGreaterThan(0);
  }
});

it("binds new elements to what the toolchain has", () => {
  expect(newElement("switch", "s", toolchain).element).toMatchObject({ to: "input.loud" });
  expect(newElement("documents", "s", toolchain).element).toMatchObject({ to: "input.collection_ids" });
  expect(newElement("switch", "s", { ...toolchain, input: {} })).toMatchObject({ element: { to: "session.s" } });
  expect(firstPage(toolchain).elements.map(({ kind }) => kind)).toEqual(["chat"]);
  expect(firstPage({ ...toolchain, stream: null }).elements.map(({ kind }) => kind)).toEqual(["form"]);
});

it("knows what there is to bind to", () => {
  expect(referencesOf({ toolchain, page }, ["text"]).slice(0, 4)).toEqual([
    "event.text",
    "state.answer",
    "output.answer",
    "output.sources",
  ]);
  expect(targetsOf({ toolchain, page })).toContain("session.pick");
  expect(answerableNodes(toolchain)).toEqual(["ask", "inner"]);
  expect(typesOfTarget("input.collection_ids", { toolchain, page })).toEqual(["array"]);
  expect(typesOfTarget("session.pick", { toolchain, page })).toEqual(["array"]);
  expect([idsFor(["array"], ["a"]), idsFor(["string"], ["a", "b"]), idsFor(["string"], [])]).toEqual([["a"], "a", ""]);
});

it("writes values by hand and reads them back", () => {
  for (const value of [{ ref: "state.a" }, "words", { template: "{{ state.a }}" }, [1], { literal: { a: 1 } }, 5]) {
    const mode = modeOf(value);
    expect(valueOfText(textOfValue(value, mode), mode)).toEqual(value);
  }
  expect(valueOfText("  ", "words")).toBeUndefined();
  expect(valueOfText("{", "json")).toBeUndefined();
  expect(withField({ id: "a", kind: "divider", label: "x" }, "label", undefined)).toEqual({ id: "a", kind: "divider" });
});
