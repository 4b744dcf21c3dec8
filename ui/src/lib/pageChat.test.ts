import { describe, expect, it } from "vitest";
import { historyOf, sourcesOf, turnOfRun, turnOfTrace, turnsOfMessages } from "./pageChat";
import { advance, EMPTY_TRACE } from "./trace";

describe("turnsOfMessages", () => {
  it("puts questions and answers together, whatever else is in the list", () => {
    const turns = turnsOfMessages(
      [
        { role: "assistant", content: "Welcome" },
        { role: "user", content: "How?" },
        "stray",
        { role: "assistant", content: "So.", sources: [{ document_id: "d", text: "passage" }] },
        { role: "user", content: { odd: 1 } },
      ],
      true,
    );
    expect(turns.map(({ question, answer }) => [question, answer?.text, answer?.phase])).toEqual([
      ["", "Welcome", "complete"],
      ["How?", "So.", "complete"],
      ['{"odd":1}', "", "writing"],
    ]);
    expect(turns[1]?.answer?.sources).toMatchObject([{ n: 1, document_id: "d", snippet: "passage" }]);
  });

  it("shows nothing of what is no list", () => {
    expect(turnsOfMessages("<script>", false)).toEqual([]);
  });
});

const run = { run_id: "r", status: "completed", input: { question: "Why?" }, error: null } as const;

it("makes a turn of a run that asked something", () => {
  const turn = turnOfRun({ ...run, output: { answer: "Because.", sources: [] } }, "question");
  expect(turn).toMatchObject({ key: "r", question: "Why?", answer: { phase: "complete", text: "Because." } });
  expect(turnOfRun({ ...run, input: {}, output: null }, "question")).toBeNull();
  expect(historyOf(turn ? [turn] : [])).toEqual([
    { role: "user", content: "Why?" },
    { role: "assistant", content: "Because." },
  ]);
});

it("shows what a run has written so far, then its output", () => {
  const of = { runId: "r", input: { question: "Why?" }, question: "question" };
  expect(turnOfTrace(of, null, { stream: "answer" })?.answer?.phase).toBe("asking");
  const going = advance(
    EMPTY_TRACE,
    [
      { event: "run_started", data: {} },
      { event: "node_started", data: { node: "say", kind: "llm" } },
      { event: "delta", data: { node: "say", path: "answer", text: "Be" } },
    ],
    0,
  );
  expect(turnOfTrace(of, going, { stream: "answer" })?.answer).toMatchObject({ phase: "writing", text: "Be" });
  const failed = advance(going, [{ event: "run_failed", data: { error: { type: "X", message: "No." } } }], 1);
  expect(turnOfTrace(of, failed, { stream: "answer" })?.answer).toMatchObject({ phase: "failed", error: "No." });
});

it("leaves out sources that name no document", () => {
  expect(sourcesOf([{ document_id: 5 }, null, "x", { document_id: "d", document_name: "<i>", page: 2 }])).toMatchObject(
    [{ n: 4, document_id: "d", document_name: "<i>", page: 2, page_end: 2 }],
  );
});
