import { expect, test } from "vitest";
import type { Toolchain } from "@/models";
import { pinsOf, validPins, withPin } from "./pins";

const TOOLCHAIN: Toolchain = {
  id: "t",
  title: "T",
  nodes: [
    { id: "ask", kind: "llm", prompt: "?" },
    { id: "note", kind: "update", changes: [{ op: "set", path: "x", value: 1 }] },
  ],
  edges: [],
  metadata: { editor: { places: {} } },
};

test("a pin is kept beside what else the metadata holds, and leaves no trace when it is taken away", () => {
  const pinned = withPin(TOOLCHAIN, "ask", { text: "hi" });
  expect(pinsOf(pinned)).toEqual({ ask: { text: "hi" } });
  expect(pinned.metadata?.["editor"]).toBe(TOOLCHAIN.metadata?.["editor"]);
  expect(withPin(pinned, "ask", undefined)).toEqual(TOOLCHAIN);
  expect(pinsOf(withPin(TOOLCHAIN, "ask", null))).toEqual({ ask: null });
});

test("a run is given the pins only of nodes that are there and give something", () => {
  const metadata = { pinned: { ask: 1, note: 2, gone: 3 } };
  expect(validPins({ ...TOOLCHAIN, metadata })).toEqual({ ask: 1 });
});

test.each([null, [], "pinned", 5])("metadata of strangers: %j", (pinned) => {
  expect(pinsOf({ metadata: { pinned } })).toEqual({});
});
