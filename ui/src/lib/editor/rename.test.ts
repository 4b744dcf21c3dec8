import { describe, expect, it } from "vitest";
import type { PageDefinition, Toolchain } from "@/models";
import { ANSWERING as toolchain } from "./answering";
import { faultOfName, withInputRenamed, withOutputRenamed, withRenamed, withStateRenamed } from "./rename";

describe("other names", () => {
  it("are taken over wherever a node is named, but not in literals", () => {
    const next = withRenamed(toolchain, "ask", "question");
    expect(next.edges).toEqual([{ from: "start", to: "question" }]);
    expect(next.nodes[1]).toMatchObject({ changes: [{ value: { ref: "nodes.question.text" } }] });
    expect(next.nodes[2]).toMatchObject({
      cases: [{ when: { empty: { ref: "nodes.question.data" } }, to: "question" }],
    });
    expect(next.output).toEqual({
      said: { expr: { cat: [{ ref: "nodes.question.text" }, { literal: { ref: "nodes.ask" } }] } },
    });
    expect(next.metadata).toEqual({ editor: { places: { question: [1, 2] } } });
  });

  it("are taken over in tests, in pins and on the page", () => {
    const whole: Toolchain = {
      ...toolchain,
      tests: [
        { name: "one", pinned: { ask: 1 }, checks: [{ kind: "equals", of: { ref: "nodes.ask.text" }, value: 1 }] },
      ],
      page: { elements: [{ id: "said", kind: "text", value: { template: "{{ state.answer }} {{ input.q }}" } }] },
      metadata: { pinned: { ask: { text: "hi" }, other: 1 } },
    };
    const next = withInputRenamed(withStateRenamed(withRenamed(whole, "ask", "question"), "answer", "text"), "q", "p");
    expect(next.tests).toMatchObject([{ pinned: { question: 1 }, checks: [{ of: { ref: "nodes.question.text" } }] }]);
    expect(next.page).toMatchObject({ elements: [{ value: { template: "{{ state.text }} {{ input.p }}" } }] });
    expect(next.metadata).toEqual({ pinned: { question: { text: "hi" }, other: 1 } });
  });

  it("are taken over where an input is filled in, and nowhere in what is filled in", () => {
    const data = { ref: "input.q" };
    const whole: Toolchain = {
      ...toolchain,
      tests: [
        { name: "one", input: { q: data, n: 1 }, checks: [{ kind: "schema", of: { ref: "input.q" }, form: data }] },
      ],
      suggestions: [{ title: "One", input: { q: data } }],
      follow_up: { q: "again" },
    };
    const next = withInputRenamed(whole, "q", "p");
    expect(next.tests).toEqual([
      { name: "one", input: { p: data, n: 1 }, checks: [{ kind: "schema", of: { ref: "input.p" }, form: data }] },
    ]);
    expect(next.suggestions).toEqual([{ title: "One", input: { p: data } }]);
    expect(next.follow_up).toEqual({ p: "again" });
  });

  it("are taken over by what stands on the page and by its events", () => {
    const page: PageDefinition = {
      elements: [
        { id: "talk", kind: "chat", on_send: [{ do: "run", input: { question: { ref: "event.text" } } }] },
        {
          id: "row",
          kind: "row",
          children: [
            { id: "ask", kind: "field", to: "input.question" },
            { id: "other", kind: "field", to: "input.question_2" },
            { id: "yes", kind: "button", on_press: [{ do: "answer", node: "ask", value: { ref: "input.question" } }] },
          ],
        },
        {
          ...{ id: "form", kind: "form", fields: ["question", "n"] },
          on_submit: [{ do: "set", to: "input.question", value: { ref: "event.value.question" } }],
        },
        {
          ...{ id: "own", kind: "form", schema: { type: "object" }, fields: ["question"] },
          on_submit: [{ do: "notify", message: { template: "{{ event.value.question }}" } }],
        },
      ],
    };
    const next = withInputRenamed(withRenamed({ ...toolchain, page }, "ask", "asked"), "question", "q").page;
    expect(next?.elements).toMatchObject([
      { question: "q", on_send: [{ input: { q: { ref: "event.text" } } }] },
      {
        children: [
          { id: "ask", to: "input.q" },
          { to: "input.question_2" },
          { on_press: [{ node: "asked", value: { ref: "input.q" } }] },
        ],
      },
      { fields: ["q", "n"], on_submit: [{ to: "input.q", value: { ref: "event.value.q" } }] },
      { fields: ["question"], on_submit: [{ message: { template: "{{ event.value.question }}" } }] },
    ]);
  });

  it("are taken over where an output is looked at", () => {
    const whole: Toolchain = {
      ...toolchain,
      tests: [{ name: "one", checks: [{ kind: "equals", of: { ref: "output.said" }, value: "output.said" }] }],
      page: { elements: [{ id: "said", kind: "text", value: { template: "{{ output.said }} {{ output.said_2 }}" } }] },
    };
    const next = withOutputRenamed(whole, "said", "told");
    expect(next.tests).toMatchObject([{ checks: [{ of: { ref: "output.told" }, value: "output.said" }] }]);
    expect(next.page).toMatchObject({ elements: [{ value: { template: "{{ output.told }} {{ output.said_2 }}" } }] });
    expect(next.output).toEqual(toolchain.output);
  });

  it("are taken over wherever a key of the state is named", () => {
    const next = withStateRenamed(toolchain, "answer", "text");
    expect(Object.keys(next.state ?? {})).toEqual(["text", "other"]);
    expect(next.nodes[0]).toMatchObject({
      prompt: { template: "{{ state.text }}" },
      stream: "text",
      write: { text: { ref: "result.text" } },
    });
    expect(next.nodes[1]).toMatchObject({ changes: [{ path: "text.0" }] });
  });

  it.each([
    ["ask", null],
    ["fine_2", null],
    ["note", "Another node"],
    ["end", "taken by the toolchain"],
    ["Big", "A small letter"],
    ["<b>", "A small letter"],
  ])("may be %s, or not", (name, words) => {
    const fault = faultOfName(toolchain, "ask", name);
    if (words === null) expect(fault).toBeNull();
    else expect(fault).toContain(words);
  });
});
