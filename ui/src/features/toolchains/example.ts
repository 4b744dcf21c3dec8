import type { Toolchain } from "@/models";

/** What a new toolchain begins as: small, without faults, and it answers. */
export const EXAMPLE: Toolchain = {
  id: "my_toolchain",
  title: "My toolchain",
  description: "Answers in one sentence.",
  input: {
    type: "object",
    additionalProperties: false,
    required: ["question"],
    properties: { question: { type: "string", minLength: 1, maxLength: 16384, title: "Question" } },
  },
  state: { answer: { type: "string" } },
  nodes: [
    {
      id: "write_answer",
      kind: "llm",
      title: "Answer",
      messages: [
        { role: "system", content: "Answer in one sentence." },
        { role: "user", content: { ref: "input.question" } },
      ],
      stream: "answer",
    },
  ],
  edges: [
    { from: "start", to: "write_answer" },
    { from: "write_answer", to: "end" },
  ],
  output: { answer: { ref: "state.answer" } },
  stream: "answer",
};
