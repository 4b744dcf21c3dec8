import { describe, expect, it } from "vitest";
import type { Message } from "@/models";
import { applyEvent, beginAnswer, isOver, weaveTurns } from "./answer";

const event = (name: string, data: unknown) => ({ id: "1", event: name, data: JSON.stringify(data) });
const start = event("start", { conversation_id: "c", message_id: "m", run_id: "r" });

describe("applyEvent", () => {
  it("gathers an answer", () => {
    const events = [
      start,
      event("sources", [{ n: 1, document_name: "a.pdf" }]),
      event("delta", { text: "Yes" }),
      event("delta", { text: " [1]." }),
      event("citation", { n: 1, start: 0, end: 8 }),
      event("usage", { total_tokens: 3 }),
      event("done", { message_id: "m", finish_reason: "stop" }),
    ];
    const answer = events.reduce(applyEvent, beginAnswer("Is it?", null));
    expect(answer).toMatchObject({
      phase: "complete",
      conversationId: "c",
      messageId: "m",
      runId: "r",
      text: "Yes [1].",
    });
    expect(answer.sources).toHaveLength(1);
    expect(isOver(answer)).toBe(true);
  });

  it("tells what it waits for until it goes on", () => {
    const waiting = event("waiting", { run_id: "r", pauses: [{ node: "ask", kind: "approval" }] });
    const paused = [start, waiting].reduce(applyEvent, beginAnswer("q", "c"));
    expect(paused).toMatchObject({ phase: "writing", pauses: [{ node: "ask" }] });
    expect(applyEvent(paused, start).pauses).toEqual([]);
  });

  it("keeps what was written when it fails", () => {
    const events = [
      start,
      event("delta", { text: "Half" }),
      event("error", { type: "X", message: "The model stopped." }),
    ];
    expect(events.reduce(applyEvent, beginAnswer("q", "c"))).toMatchObject({
      phase: "failed",
      text: "Half",
      error: "The model stopped.",
    });
  });

  it.each([event("done", { finish_reason: "stop" }), event("error", { message: "cancelled" })])(
    "is stopped, not failed, when the person stopped it",
    (last) => {
      expect(applyEvent({ ...beginAnswer("q", "c"), stopping: true }, last).phase).toBe("stopped");
    },
  );
});

const message = (
  message_id: string,
  role: Message["role"],
  content: string,
  status: Message["status"] = "complete",
): Message => ({
  message_id,
  role,
  content,
  status,
  sources: [],
  citations: [],
  created_at: "2026-01-01T00:00:00Z",
});

describe("weaveTurns", () => {
  const history = [message("1", "user", "a?"), message("2", "assistant", "A.")];
  const live = { ...beginAnswer("b?", "c"), phase: "writing" as const, messageId: "4", text: "B" };
  const shown = (turns: ReturnType<typeof weaveTurns>) => turns.map((turn) => [turn.question, turn.answer?.text]);
  const both = [
    ["a?", "A."],
    ["b?", "B"],
  ];

  it("pairs questions with answers", () => expect(shown(weaveTurns(history, null))).toEqual([["a?", "A."]]));
  it("adds the live answer", () => expect(shown(weaveTurns(history, live))).toEqual(both));

  it("puts the live answer in place of the server's copy", () => {
    const copy = [...history, message("3", "user", "b?"), message("4", "assistant", "", "streaming")];
    expect(shown(weaveTurns(copy, live))).toEqual(both);
  });

  it("keeps the turn's key when the live answer gives way to the server's copy", () => {
    const copy = [...history, message("3", "user", "b?"), message("4", "assistant", "B")];
    expect(weaveTurns(copy, live).at(-1)?.key).toBe(weaveTurns(copy, null).at(-1)?.key);
  });

  it("puts the live answer in place of a question that has none yet", () => {
    expect(shown(weaveTurns([...history, message("3", "user", "b?")], live))).toEqual(both);
  });

  it("keeps both when one question is asked twice", () => {
    expect(shown(weaveTurns(history, { ...live, question: "a?" }))).toEqual([
      ["a?", "A."],
      ["a?", "B"],
    ]);
  });

  it("shows a question without an answer and an answer without a question", () => {
    const odd = [message("1", "assistant", "Hello."), message("2", "user", "x?")];
    expect(shown(weaveTurns(odd, null))).toEqual([
      ["", "Hello."],
      ["x?", undefined],
    ]);
  });
});
