import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Checkpoint } from "@/models";
import { call } from "./client";
import { runKey } from "./runs";

const PAGE = 200;

/** Where a run was after each of its steps, oldest first, a page at a time; asked again while it goes on. */
export function useCheckpoints(runId: string, options: { enabled: boolean; live: boolean }) {
  return useInfiniteQuery({
    queryKey: [...runKey(runId), "checkpoints"],
    queryFn: ({ signal, pageParam }) =>
      call("fetch_run_checkpoints", { run_id: runId, after: pageParam, limit: PAGE }, signal),
    enabled: options.enabled,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_after ?? null,
    select: ({ pages }) => pages.flatMap((page) => page.checkpoints),
    refetchInterval: options.live ? 3_000 : false,
  });
}

/** A checkpoint with its state: one that a list was too small for is asked for alone. */
export function useWholeCheckpoint(runId: string, checkpoint: Checkpoint | null) {
  const cut = checkpoint !== null && checkpoint.state === null;
  const whole = useQuery({
    queryKey: [...runKey(runId), "checkpoint", checkpoint?.checkpoint_id],
    queryFn: ({ signal }) =>
      call("fetch_run_checkpoints", { run_id: runId, checkpoint_id: checkpoint?.checkpoint_id ?? null }, signal),
    enabled: cut,
    select: ({ checkpoints }) => checkpoints[0] ?? null,
    staleTime: Infinity,
    gcTime: 30_000,
  });
  return cut ? { checkpoint: whole.data ?? null, error: whole.error } : { checkpoint, error: null };
}
