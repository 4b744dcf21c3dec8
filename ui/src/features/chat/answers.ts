import { create } from "zustand";
import { ApiError, call } from "@/api/client";
import { CONVERSATIONS, conversationKey } from "@/api/conversations";
import { openQuery, resumeQuery } from "@/api/query";
import { queryClient } from "@/api/queryClient";
import { toastFailure } from "@/components/toast";
import { type Answer, applyEvent, beginAnswer, isLastOfAnswer, isOver } from "@/lib/answer";
import { streamEvents } from "@/lib/sse";
import { inWords } from "@/lib/words";
import type { QueryRequest } from "@/models";

/** The thread of a question that has no conversation yet. */
export const NEW_THREAD = "new";

/** The answers that are coming in, by thread: a conversation's id or `NEW_THREAD`. They go on while other pages are shown. */
export const useAnswers = create<Record<string, Answer>>()(() => ({}));

/** One answer on its way. The stream's loop is its only writer, save for `stopping`. */
interface Flight {
  thread: string;
  answer: Answer;
  controller: AbortController;
}

const flights = new Map<string, Flight>();

type Ask = Pick<QueryRequest, "toolchain_id" | "model" | "collection_ids">;

/** Asks in a thread. `onConversation` is called when a new thread has become a conversation. */
export function ask(thread: string, question: string, options: Ask, onConversation: (id: string) => void): void {
  const conversationId = thread === NEW_THREAD ? null : thread;
  const flight = takeOff(thread, beginAnswer(question, conversationId));
  let sent = false;
  const connect = (lastEventId: string | null) => {
    const { runId } = flight.answer;
    if (runId !== null) return resumeQuery(runId, lastEventId, flight.controller.signal);
    // The question may have arrived: to ask it a second time by ourselves could answer it twice.
    if (sent) throw new ApiError(0, { type: "Unreachable", message: "The connection broke before the answer began." });
    sent = true;
    const body = { ...options, query: question, conversation_id: conversationId };
    return openQuery(body, flight.controller.signal);
  };
  void fly(flight, connect, onConversation);
}

/** Follows an answer that began before this page was loaded. */
export function follow(conversationId: string, question: string, runId: string): void {
  if (flights.has(conversationId)) return;
  const flight = takeOff(conversationId, { ...beginAnswer(question, conversationId), runId });
  void fly(
    flight,
    (lastEventId) => resumeQuery(runId, lastEventId, flight.controller.signal),
    () => undefined,
  );
}

/** Asks the server to stop; what was written stays. */
export function stop(thread: string): void {
  const flight = flights.get(thread);
  if (!flight || isOver(flight.answer) || flight.answer.stopping) return;
  flight.answer = { ...flight.answer, stopping: true };
  publish(flight);
  if (flight.answer.runId !== null) cancel(flight.answer.runId);
}

/** Forgets an answer that is over, such as a failed one whose question is asked again. */
export function dismiss(thread: string): void {
  const flight = flights.get(thread);
  if (flight && isOver(flight.answer)) land(flight);
}

function cancel(runId: string): void {
  call("cancel_run", { run_id: runId }).catch((fault: unknown) => {
    // 404 and 409: it had already ended.
    if (!(fault instanceof ApiError && [404, 409].includes(fault.status))) toastFailure(fault);
  });
}

function takeOff(thread: string, answer: Answer): Flight {
  const flight = { thread, answer, controller: new AbortController() };
  flights.set(thread, flight);
  publish(flight);
  return flight;
}

function land(flight: Flight): void {
  if (flights.get(flight.thread) !== flight) return;
  flights.delete(flight.thread);
  const others = Object.entries(useAnswers.getState()).filter(([thread]) => thread !== flight.thread);
  useAnswers.setState(Object.fromEntries(others), true);
}

function publish(flight: Flight): void {
  if (flights.get(flight.thread) === flight) useAnswers.setState({ [flight.thread]: flight.answer });
}

async function fly(
  flight: Flight,
  connect: (lastEventId: string | null) => Promise<Response>,
  onConversation: (id: string) => void,
): Promise<void> {
  const show = oncePerFrame(() => publish(flight));
  try {
    const events = streamEvents({
      // A refusal to connect must be a rejection, whichever way it is written.
      connect: async (lastEventId) => connect(lastEventId),
      isLast: isLastOfAnswer,
      mayRetry: (fault) =>
        flight.answer.runId !== null && fault instanceof ApiError && [0, 502, 503].includes(fault.status),
      signal: flight.controller.signal,
    });
    for await (const event of events) {
      flight.answer = applyEvent(flight.answer, event);
      if (event.event === "start") begin(flight, onConversation);
      show();
    }
  } catch (fault) {
    flight.answer = { ...flight.answer, phase: flight.answer.stopping ? "stopped" : "failed", error: inWords(fault) };
  }
  show.flush();
  await settle(flight);
}

/** The server has taken the question: a new thread becomes its conversation. */
function begin(flight: Flight, onConversation: (id: string) => void): void {
  const { conversationId, runId, stopping } = flight.answer;
  if (conversationId !== null && flight.thread === NEW_THREAD) {
    land(flight);
    flight.thread = conversationId;
    flights.set(conversationId, flight);
    publish(flight);
    onConversation(conversationId);
  }
  void queryClient.invalidateQueries({ queryKey: CONVERSATIONS });
  if (stopping && runId !== null) cancel(runId);
}

/** Hands over to the server's copy of the answer, once that is there. A question that never arrived stays, to be retried. */
async function settle(flight: Flight): Promise<void> {
  const { conversationId, messageId } = flight.answer;
  if (conversationId === null || messageId === null) return;
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: conversationKey(conversationId) }),
    queryClient.invalidateQueries({ queryKey: CONVERSATIONS }),
  ]);
  if (flight.answer.phase !== "failed") land(flight);
}

/** Runs `task` at most once a frame; at once in a tab that is not seen, where no frames come. */
function oncePerFrame(task: () => void): { (): void; flush: () => void } {
  let frame: number | null = null;
  const run = () => {
    frame = null;
    task();
  };
  const request = () => {
    if (document.hidden) task();
    else frame ??= requestAnimationFrame(run);
  };
  return Object.assign(request, {
    flush: () => {
      if (frame !== null) cancelAnimationFrame(frame);
      run();
    },
  });
}
