import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useChatRuns, useRecordedState, useThreadRuns } from "@/api/pages";
import { useCancelRun, useResumeRun, useStartRun } from "@/api/runs";
import { type WatchedRun, useRunTrace } from "@/api/runTrace";
import { toast, toastFailure } from "@/components/toast";
import type { Turn } from "@/lib/answer";
import { isObject, type JsonObject } from "@/lib/json";
import { historyOf, turnOfRun, turnOfTrace } from "@/lib/pageChat";
import { beginningOf, carriedOn, emptyOf, nodeIdOf, withTexts } from "@/lib/pageState";
import { asText, defaultsOf, type PageScope, stateKeysOf, valueOf, withKey } from "@/lib/pageValues";
import { elementsOf } from "@/lib/pageEdit";
import { hasEnded } from "@/lib/trace";
import type { PageAction, PageDefinition, Toolchain } from "@/models";

/** What of earlier runs a chat shows and hands on. */
const MOST_TURNS = 20;
const LONGEST_NOTICE = 500;

export interface Served {
  id: string;
  /** The version that is run; null: the one that runs take. */
  version: number | null;
  toolchain: Toolchain;
  page: PageDefinition;
}

export interface OpenPage extends Served {
  scope: PageScope;
  runId: string | null;
  run: WatchedRun;
  /** Whether a run goes on, or waits for somebody: another one is not begun then. */
  busy: boolean;
  /** Why the last run could not be begun. */
  fault: Error | null;
  /** The questions and answers of the thread's runs; the field of the input that holds a question is given. */
  turnsOf: (question: string) => Turn[];
  write: (target: string, value: unknown) => void;
  act: (actions: readonly PageAction[], event?: JsonObject) => Promise<void>;
}

const Open = createContext<OpenPage | null>(null);

export const OpenPageProvider = Open;

/** The page that is open around an element. */
export function useOpenPage(): OpenPage {
  const open = use(Open);
  if (!open) throw new Error("An element stands on no page.");
  return open;
}

interface Values {
  input: JsonObject;
  session: JsonObject;
}

/** A page at work: its values, the run that it shows, and what its events do. */
export function usePage(served: Served, thread: string | null, onThread: (thread: string | null) => void): OpenPage {
  const { id, version, toolchain, page } = served;
  const start = useStartRun();
  const resume = useResumeRun();
  const cancel = useCancelRun();
  const [values, setValues] = useState<Values>(() => ({ input: {}, session: sessionOf(page) }));
  const latest = useRef(values);
  // Runs that an event begins one after the other stand on one thread.
  const onward = useRef(thread);
  useEffect(() => {
    onward.current = thread;
  }, [thread]);
  const [begun, setBegun] = useState<{ runId: string; input: JsonObject }[]>([]);
  const [fault, setFault] = useState<Error | null>(null);

  const follows = (toolchain.follow_up ?? null) !== null;
  const known = useThreadRuns(thread, (runs) => follows && runs === 1);
  const runIds = useMemo(
    // Ids of runs grow with the time.
    () => (thread === null ? [] : [...new Set([...known, ...begun.map(({ runId }) => runId)])].sort()),
    [thread, known, begun],
  );
  const runId = runIds.at(-1) ?? null;
  const run = useRunTrace(runId);
  const { trace } = run;
  const busy = start.isPending || (runId !== null && run.live && !(trace && hasEnded(trace.status)));

  const keys = useMemo(() => stateKeysOf(page), [page]);
  const recorded = useRecordedState(runId, keys, trace);
  const chats = useMemo(() => [...elementsOf(page.elements)].filter(({ kind }) => kind === "chat").length > 0, [page]);
  const earlier = useChatRuns(useMemo(() => (chats ? runIds.slice(0, -1).slice(-MOST_TURNS) : []), [chats, runIds]));

  const state = useMemo(() => {
    if (runId === null || recorded === null) return beginningOf(toolchain);
    // Until the next run is known, what the last one left goes on.
    if (recorded.runId !== runId) return carriedOn(toolchain, recorded.recorded.state);
    return { ...beginningOf(toolchain), ...withTexts(toolchain, recorded.recorded, trace) };
  }, [toolchain, runId, recorded, trace]);
  const defaults = useMemo(() => defaultsOf(toolchain.input ?? {}), [toolchain]);
  const scope: PageScope = {
    state,
    input: { ...defaults, ...values.input },
    output: trace?.output ?? {},
    session: values.session,
    run: {
      id: runId,
      status: trace?.status ?? null,
      error: trace?.error?.message ?? null,
      progress: trace?.status === "completed" ? 1 : (trace?.progress?.part ?? null),
      stage: trace?.progress?.stage ?? "",
      waiting: trace?.pauses.map(({ node }) => nodeIdOf(node)) ?? [],
    },
  };

  const input = begun.find((one) => one.runId === runId)?.input ?? run.detail?.input ?? {};
  function turnsOf(question: string): Turn[] {
    const before = earlier.flatMap((one) => turnOfRun(one, question) ?? []);
    const now = runId === null ? null : turnOfTrace({ runId, input, question }, trace, toolchain);
    return now ? [...before, now] : before;
  }

  const set = useCallback((next: Values) => {
    latest.current = next;
    setValues(next);
  }, []);
  const write = useCallback(
    (target: string, value: unknown) => {
      const [root, name = ""] = target.split(".");
      const { input: given, session } = latest.current;
      if (root === "input") set({ session, input: withKey(given, name, value) });
      else set({ input: given, session: withKey(session, name, value ?? null) });
    },
    [set],
  );

  async function begin(action: Extract<PageAction, { do: "run" }>, at: PageScope) {
    if (busy && !INTERRUPTING.has(toolchain.on_busy ?? "enqueue")) return;
    const given = Object.entries(action.input ?? {}).map(([name, value]) => [name, valueOf(value, at)] as const);
    const whole = { ...latest.current.input, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
    const chat = historyField(toolchain, page);
    if (chat !== null && !("history" in whole)) whole["history"] = historyOf(turnsOf(chat));
    const result = await start.mutateAsync({ toolchain_id: id, version, thread_id: onward.current, input: whole });
    setBegun((now) => [...now, { runId: result.run_id, input: whole }]);
    onward.current = result.thread_id;
    onThread(result.thread_id);
  }

  async function one(action: PageAction, at: PageScope) {
    switch (action.do) {
      case "run":
        return begin(action, at);
      case "answer": {
        const pause = trace?.pauses.find(({ node }) => nodeIdOf(node) === action.node);
        if (pause && runId !== null) {
          await resume.mutateAsync({ run_id: runId, node: pause.node, value: valueOf(action.value, at) ?? null });
        }
        return;
      }
      case "set":
        write(action.to, valueOf(action.value, at));
        return;
      case "cancel":
        if (runId !== null && busy) await cancel.mutateAsync(runId);
        return;
      case "restart":
        setBegun([]);
        onward.current = null;
        onThread(null);
        set({ input: {}, session: sessionOf(page) });
        return;
      case "notify":
        toast("done", asText(valueOf(action.message, at)).slice(0, LONGEST_NOTICE));
        return;
    }
  }

  async function act(actions: readonly PageAction[], event: JsonObject = {}) {
    setFault(null);
    try {
      for (const action of actions) {
        const { input: given, session } = latest.current;
        await one(action, { ...scope, input: { ...defaults, ...given }, session, event });
      }
    } catch (problem) {
      if (problem instanceof Error) setFault(problem);
      else toastFailure(problem);
    }
  }

  return { ...served, scope, runId, run, busy, fault, turnsOf, write, act };
}

const INTERRUPTING: ReadonlySet<string> = new Set(["interrupt", "rollback"]);

function sessionOf({ session = {} }: PageDefinition): JsonObject {
  return Object.fromEntries(
    Object.entries(session).map(([name, { type, default: begin }]) => [name, begin ?? emptyOf(type)]),
  );
}

/** The field with the question of a chat that shows the runs, where the input takes what was said before. */
function historyField({ input }: Toolchain, page: PageDefinition): string | null {
  const properties = isObject(input?.["properties"]) ? input["properties"] : {};
  if (!("history" in properties)) return null;
  for (const element of elementsOf(page.elements)) {
    if (element.kind === "chat" && (element.messages ?? null) === null) return element.question ?? "question";
  }
  return null;
}
