import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ForkRunRequest, ResumeRunRequest, RunNodeRequest, RunStatus, RunToolchainRequest } from "@/models";
import { hasEnded } from "@/lib/trace";
import { call, request } from "./client";

export const RUNS = ["runs"];
export const runKey = (runId: string) => ["run", runId];

export interface RunFilter {
  status: RunStatus | null;
  toolchain_id: string | null;
  thread_id?: string | null;
}

/** The caller's runs, newest first; asked every two seconds while one of them is under way. */
export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: [...RUNS, filter],
    queryFn: ({ signal, pageParam }) => call("fetch_runs", { ...filter, before: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_before ?? null,
    select: ({ pages }) => pages.flatMap((page) => page.runs),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.runs.some(({ status }) => !hasEnded(status))) ? 2_000 : false,
  });
}

/** A run's record: input, output, toolchain, and what each node has done. */
export function useRun(runId: string | null) {
  return useQuery({
    queryKey: runKey(runId ?? ""),
    queryFn: ({ signal }) => call("fetch_run", { run_id: runId ?? "" }, signal),
    enabled: runId !== null,
  });
}

/** GET /api/runs/{run_id}/events: from the first event, or after one. @throws ApiError */
export function openRunEvents(runId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
  return request(`/api/runs/${encodeURIComponent(runId)}/events`, {
    headers: { Accept: "text/event-stream", ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) },
    signal,
  });
}

/** Starts a run and answers at once: its events tell the rest. */
export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<RunToolchainRequest, "wait">) => call("run_toolchain", { ...body, wait: false }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** Does one node of a draft alone; its events tell how. */
export function useRunNode() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<RunNodeRequest, "wait">) => call("run_node", { ...body, wait: false }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

export function useCancelRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => call("cancel_run", { run_id: runId }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** Lets a run that failed or was given up go on from its last recorded step. */
export function useRetryRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (runId: string) => call("retry_run", { run_id: runId }),
    onSuccess: (_, runId) =>
      Promise.all([
        client.invalidateQueries({ queryKey: runKey(runId) }),
        client.invalidateQueries({ queryKey: RUNS }),
      ]),
  });
}

/** Gives a waiting run what it waits for; its events tell how it goes on. */
export function useResumeRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<ResumeRunRequest, "wait">) => call("resume_run", { ...body, wait: false }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** A new run that begins at a checkpoint of another. */
export function useForkRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<ForkRunRequest, "wait">) => call("fork_run", { ...body, wait: false }),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}

/** What a run of the caller waits for, asked every two seconds; nothing while it does not wait, or with null. */
export function usePausesOf(runId: string | null) {
  return useQuery({
    queryKey: [...RUNS, "waiting"],
    queryFn: ({ signal }) => call("fetch_runs", { status: "waiting", limit: 200 }, signal),
    enabled: runId !== null,
    refetchInterval: 2_000,
    select: ({ runs }) => runs.find((run) => run.run_id === runId)?.pauses ?? [],
  });
}
