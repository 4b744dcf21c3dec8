/** A toolchain that tests work on. */
import type { Toolchain } from "@/models";

export const ANSWERING: Toolchain = {
  id: "t",
  title: "T",
  state: { answer: { type: "string" }, other: { type: "string" } },
  nodes: [
    {
      id: "ask",
      kind: "llm",
      prompt: { template: "{{ state.answer }}" },
      stream: "answer",
      write: { answer: { ref: "result.text" } },
    },
    { id: "note", kind: "update", changes: [{ op: "set", path: "answer.0", value: { ref: "nodes.ask.text" } }] },
    { id: "which", kind: "branch", cases: [{ when: { empty: { ref: "nodes.ask.data" } }, to: "ask" }], else: "note" },
  ],
  edges: [{ from: "start", to: "ask" }],
  output: { said: { expr: { cat: [{ ref: "nodes.ask.text" }, { literal: { ref: "nodes.ask" } }] } } },
  metadata: { editor: { places: { ask: [1, 2] } } },
};
