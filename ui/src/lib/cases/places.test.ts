import { expect, it } from "vitest";
import type { Toolchain } from "@/models";
import { pinnable, placesOf } from "./places";

const toolchain: Toolchain = {
  id: "t",
  title: "T",
  input: { type: "object", properties: { question: {} } },
  state: { answer: { type: "string" } },
  nodes: [
    { id: "search", kind: "function", function: "search_hybrid" },
    { id: "note", kind: "update", changes: [{ op: "set", path: "answer", value: "" }] },
    { id: "each", kind: "map", over: [], body: { nodes: [{ id: "ask", kind: "llm", prompt: "?" }] } },
  ],
  edges: [],
  output: { answer: { ref: "state.answer" } },
};

it("lists what a run leaves", () =>
  expect(placesOf(toolchain)).toEqual([
    "output.answer",
    "nodes.search",
    "nodes.each",
    "nodes.ask",
    "state.answer",
    "input.question",
    "error.type",
    "error.message",
  ]));

it("names the nodes that work for a result, also those within others", () =>
  expect(pinnable(toolchain)).toEqual(["search", "each", "ask"]));
