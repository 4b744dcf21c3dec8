/** What a page's chat shows: a list of messages as toolchains keep them, or the runs of its thread. Pure. */
import type { ChatMessage, RunDetail, Source, Toolchain } from "@/models";
import type { AnswerPhase, Turn } from "./answer";
import { isObject, type JsonObject } from "./json";
import { asText } from "./pageValues";
import { hasEnded, type RunTrace } from "./trace";

type Answered = NonNullable<Turn["answer"]>;

/** The turns of a list of messages `{role, content, sources?}`; what is none is left out. */
export function turnsOfMessages(messages: unknown, writing: boolean): Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (!isObject(message)) continue;
    const content = asText(message["content"]);
    if (message["role"] === "user") turns.push({ key: `${index}`, question: content, answer: null });
    if (message["role"] !== "assistant") continue;
    const answer = answered("complete", content, sourcesOf(message["sources"]));
    const last = turns.at(-1);
    if (last?.answer === null) last.answer = answer;
    else turns.push({ key: `${index}`, question: "", answer });
  }
  const last = turns.at(-1);
  if (writing && last) last.answer = { ...(last.answer ?? answered("asking", "", [])), phase: "writing" };
  return turns;
}

function answered(phase: AnswerPhase, text: string, sources: Source[]): Answered {
  return { phase, text, sources, pauses: [], error: null, runId: null };
}

/** A run as far as a chat shows it. */
export type ChatRun = Pick<RunDetail, "run_id" | "status" | "input" | "output" | "error">;

/** The turn of a run that asked something; null for one that did not. */
export function turnOfRun(run: ChatRun, question: string): Turn | null {
  const asked = run.input[question];
  if (typeof asked !== "string") return null;
  const { answer, sources } = run.output ?? {};
  const text = asText(answer);
  const turn = { ...answered(phaseOf(run.status), text, sourcesOf(sources)), runId: run.run_id };
  return { key: run.run_id, question: asked, answer: { ...turn, error: run.error?.message ?? null } };
}

/** The turn of the run that is followed, with what it has written so far. */
export function turnOfTrace(
  run: { runId: string; input: JsonObject; question: string },
  trace: RunTrace | null,
  toolchain: Pick<Toolchain, "stream">,
): Turn | null {
  const asked = run.input[run.question];
  if (typeof asked !== "string") return null;
  const written = [...(trace?.nodes.values() ?? [])].map(({ texts }) => texts[toolchain.stream ?? ""] ?? "");
  const { answer, sources } = trace?.output ?? {};
  const told = sourcesOf(sources);
  return {
    key: run.runId,
    question: asked,
    answer: {
      phase: trace === null ? "asking" : phaseOf(trace.status),
      text: answer === undefined ? written.filter(Boolean).join("\n\n") : asText(answer),
      sources: told.length > 0 ? told : sourcesOf(trace?.sources),
      pauses: trace?.pauses ?? [],
      error: trace?.error?.message ?? null,
      runId: run.runId,
    },
  };
}

function phaseOf(status: RunDetail["status"]): AnswerPhase {
  if (!hasEnded(status)) return status === "queued" ? "asking" : "writing";
  return status === "completed" ? "complete" : status === "cancelled" ? "stopped" : "failed";
}

/** Passages as sources: ours as they are, a search's hits numbered as they come; what names no document is left out. */
export function sourcesOf(given: unknown): Source[] {
  return (Array.isArray(given) ? given : []).flatMap((source: unknown, index): Source[] => {
    if (!isObject(source) || typeof source["document_id"] !== "string") return [];
    const number = (key: string, otherwise: number) => (typeof source[key] === "number" ? source[key] : otherwise);
    return [
      {
        n: number("n", index + 1),
        document_id: source["document_id"],
        document_name: asText(source["document_name"]) || "Document",
        page: number("page", 1),
        page_end: number("page_end", number("page", 1)),
        start: number("start", 0),
        end: number("end", 0),
        chunk_id: asText(source["chunk_id"]),
        score: number("score", 0),
        snippet: asText(source["snippet"] ?? source["text"]),
      },
    ];
  });
}

/** What was said so far, as models are given it. */
export function historyOf(turns: readonly Turn[]): ChatMessage[] {
  return turns.flatMap(({ question, answer }) =>
    answer?.phase === "complete" && question !== ""
      ? [
          { role: "user", content: question },
          { role: "assistant", content: answer.text },
        ]
      : [],
  );
}
