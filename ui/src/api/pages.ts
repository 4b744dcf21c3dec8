import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ChatRun } from "@/lib/pageChat";
import { endedCount, type Recorded, recordedOf } from "@/lib/pageState";
import type { RunTrace } from "@/lib/trace";
import { call } from "./client";
import { runKey, RUNS } from "./runs";
import { useToolchain, useToolchains } from "./toolchains";

/** The toolchain whose page is served: the version that runs take, or the one asked for. */
export function useServedToolchain(id: string, version: number | null) {
  const listed = useToolchains();
  const summary = listed.data?.find((one) => one.id === id);
  // One that is not listed is asked for as well, so that the server says what is wrong.
  const stored = useToolchain(listed.data ? id : null, version ?? summary?.published_version ?? null);
  return {
    stored: stored.data ?? null,
    error: listed.error ?? stored.error,
    retry: () => void (listed.error ? listed.refetch() : stored.refetch()),
  };
}

/** The runs of a thread, oldest first. @param expecting whether one may come by itself */
export function useThreadRuns(thread: string | null, expecting: (runs: number) => boolean): string[] {
  const { data } = useQuery({
    queryKey: [...RUNS, { thread }],
    queryFn: ({ signal }) => call("fetch_runs", { thread_id: thread, limit: 100 }, signal),
    enabled: thread !== null,
    refetchInterval: ({ state }) => (state.data && expecting(state.data.runs.length) ? 2_000 : false),
    select: ({ runs }) => runs.map(({ run_id }) => run_id).reverse(),
  });
  return thread === null || !data ? NONE : data;
}

const NONE: string[] = [];

// While many nodes end, the state is not asked for after each of them; one that takes long to tell seldom.
const CALM_MS = 300;
const CALM_FACTOR = 4;

/** What a run has recorded in these state keys, asked for again whenever nodes have ended. */
export function useRecordedState(runId: string | null, keys: readonly string[], trace: RunTrace | null) {
  const [known, setKnown] = useState<{ runId: string; recorded: Recorded } | null>(null);
  const latest = useRef(trace);
  const asking = useRef({ at: 0, calm: CALM_MS, number: 0, got: 0 });
  const ended = endedCount(trace);
  const status = trace?.status ?? null;
  const wanted = keys.join(" ");
  useEffect(() => {
    latest.current = trace;
  }, [trace]);

  useEffect(() => {
    if (runId === null || wanted === "" || status === null) return;
    const clock = asking.current;
    const timer = setTimeout(
      () => {
        const before = latest.current;
        const number = ++clock.number;
        const begun = (clock.at = Date.now());
        call("fetch_run_state", { run_id: runId, keys: wanted.split(" ") })
          .then((state) => {
            if (number < clock.got) return;
            clock.got = number;
            clock.calm = Math.max(CALM_MS, CALM_FACTOR * (Date.now() - begun));
            setKnown({ runId, recorded: recordedOf(state, before) });
          })
          // What is shown stays as it is; the next node that ends asks again.
          .catch(() => undefined);
      },
      Math.max(0, clock.at + clock.calm - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [runId, wanted, ended, status]);

  return known;
}

/** Earlier runs of a thread, as a chat shows them. */
export function useChatRuns(runIds: readonly string[]): ChatRun[] {
  return useQueries({
    queries: runIds.map((runId) => ({
      queryKey: [...runKey(runId), "turn"],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<ChatRun> => {
        const { run_id, status, input, output, error } = await call("fetch_run", { run_id: runId }, signal);
        return { run_id, status, input, output, error: error ?? null };
      },
      staleTime: Infinity,
    })),
    combine: (results) => results.flatMap(({ data }) => (data ? [data] : [])),
  });
}

/** A document, asked for again until it can be searched or has failed. */
export function useIngested(documentId: string) {
  return useQuery({
    queryKey: ["document", documentId],
    queryFn: ({ signal }) => call("fetch_document", { document_id: documentId }, signal),
    refetchInterval: ({ state }) => (state.data && ["complete", "failed"].includes(state.data.status) ? false : 1_000),
  });
}
