import type { Toolchain } from "@/models";

/** What a new toolchain begins as: an empty canvas that takes a question. */
export const EMPTY_TOOLCHAIN: Toolchain = {
  id: "my_toolchain",
  title: "My toolchain",
  description: "",
  input: {
    type: "object",
    additionalProperties: false,
    required: ["question"],
    properties: { question: { type: "string", minLength: 1, maxLength: 16384, title: "Question" } },
  },
  state: {},
  nodes: [],
  edges: [],
  output: {},
};

/** A copy of a toolchain, under a name of its own. */
export function copyOf(toolchain: Toolchain): Toolchain {
  return { ...toolchain, id: `${toolchain.id.slice(0, 75)}_copy`, title: `${toolchain.title.slice(0, 190)} (copy)` };
}
