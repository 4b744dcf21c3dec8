import type { Message, Pause, Source } from "@/models";
import type { ServerEvent } from "./sse";

/** `asking`: nothing has come yet. `writing`: text may come. The others are ends. */
export type AnswerPhase = "asking" | "writing" | "complete" | "stopped" | "failed";

/** An answer while it comes in. */
export interface Answer {
  phase: AnswerPhase;
  question: string;
  conversationId: string | null;
  messageId: string | null;
  runId: string | null;
  text: string;
  sources: Source[];
  /** What it waits for; null when that is to be asked for. */
  pauses: Pause[] | null;
  /** Why it failed, in words. */
  error: string | null;
  /** The person has asked to stop; the server has not said yet that it did. */
  stopping: boolean;
}

export function beginAnswer(question: string, conversationId: string | null): Answer {
  return {
    phase: "asking",
    question,
    conversationId,
    messageId: null,
    runId: null,
    text: "",
    sources: [],
    pauses: [],
    error: null,
    stopping: false,
  };
}

export function isOver(answer: Answer): boolean {
  return answer.phase !== "asking" && answer.phase !== "writing";
}

/** True for the event after which an answer's stream holds nothing. */
export function isLastOfAnswer({ event }: ServerEvent): boolean {
  return event === "done" || event === "error";
}

/** The answer after one event of /v1/query. Events of other names change nothing. Pure. @throws SyntaxError on bad JSON */
export function applyEvent(answer: Answer, { event, data }: ServerEvent): Answer {
  const body = JSON.parse(data) as Record<string, unknown>;
  const text = (key: string) => (typeof body[key] === "string" ? body[key] : null);
  switch (event) {
    case "start":
      return {
        ...answer,
        phase: "writing",
        conversationId: text("conversation_id"),
        messageId: text("message_id"),
        runId: text("run_id"),
        pauses: [],
      };
    case "waiting":
      return { ...answer, pauses: (body as { pauses: Pause[] }).pauses };
    case "sources":
      return { ...answer, sources: JSON.parse(data) as Source[] };
    case "delta":
      return { ...answer, text: answer.text + (text("text") ?? "") };
    case "done":
      return { ...answer, phase: answer.stopping || text("finish_reason") === "cancelled" ? "stopped" : "complete" };
    case "error":
      if (answer.stopping) return { ...answer, phase: "stopped" };
      return { ...answer, phase: "failed", error: text("message") ?? "The answer failed." };
    default:
      return answer;
  }
}

/** Seen from outside: a turn of the conversation, whether it is kept or still coming. */
export interface Turn {
  /** The answer's id where there is one: it stays when the live answer gives way to the server's copy. */
  key: string;
  question: string;
  answer: Pick<Answer, "phase" | "text" | "sources" | "pauses" | "error" | "runId"> | null;
}

const PHASES: Record<Message["status"], AnswerPhase> = {
  streaming: "writing",
  complete: "complete",
  aborted: "stopped",
  failed: "failed",
};

/**
 * The turns of a conversation: what the server keeps, and the live answer in place of the server's copy of it. The copy
 * may or may not be there yet, as the history can have been fetched at any time.
 */
export function weaveTurns(messages: readonly Message[], live: Answer | null): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      turns.push({ key: message.message_id, question: message.content, answer: null });
      continue;
    }
    const answer = {
      phase: PHASES[message.status],
      text: message.content,
      sources: message.sources,
      pauses: null,
      error: message.error ?? null,
      runId: message.run_id ?? null,
    };
    const last = turns.at(-1);
    if (last?.answer === null) Object.assign(last, { key: message.message_id, answer });
    else turns.push({ key: message.message_id, question: "", answer });
  }
  if (!live) return turns;
  const copy = messages.findIndex((message) => message.message_id === live.messageId);
  const last = turns.at(-1);
  if (copy !== -1 || (last?.answer === null && last.question === live.question)) turns.pop();
  turns.push({ key: live.messageId ?? "live", question: live.question, answer: live });
  return turns;
}
