import { useEffect, useMemo, useState } from "react";
import { useCheckpoints } from "@/api/checkpoints";
import { traceUpTo } from "@/lib/checkpoints";
import type { RunTrace } from "@/lib/trace";
import type { Checkpoint } from "@/models";

// So many steps before the end of what is there the next page is asked for.
const AHEAD = 20;

export interface Travel {
  checkpoints: Checkpoint[];
  /** Whether there are later ones that are not here yet. */
  more: boolean;
  index: number;
  checkpoint: Checkpoint | null;
  /** The one a step earlier. */
  before: Checkpoint | null;
  /** What the run had done by then. */
  trace: RunTrace;
  loading: boolean;
  error: Error | null;
  go: (index: number) => void;
  retry: () => void;
}

/** A run's checkpoints and the one that is looked at: at first the one of `step`, else the last. */
export function useTravel(
  runId: string,
  trace: RunTrace,
  options: { enabled: boolean; live: boolean; step: number | null },
): Travel {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useCheckpoints(
    runId,
    options,
  );
  const [chosen, setChosen] = useState<number | null>(options.step);
  const checkpoints = useMemo(() => data ?? [], [data]);
  const last = Math.max(0, checkpoints.length - 1);
  const index = Math.min(chosen ?? last, last);
  const shown = useMemo(() => traceUpTo(trace, checkpoints.slice(0, index + 1)), [trace, checkpoints, index]);

  // A step further on than what is here: asked for by its address, or as the run has grown.
  const beyond = chosen !== null && chosen > last;
  useEffect(() => {
    if (beyond && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [beyond, hasNextPage, isFetchingNextPage, fetchNextPage]);

  function go(next: number) {
    setChosen(Math.max(0, Math.min(next, last)));
    if (hasNextPage && !isFetchingNextPage && next + AHEAD > last) void fetchNextPage();
  }

  return {
    checkpoints,
    more: hasNextPage,
    index,
    checkpoint: checkpoints[index] ?? null,
    before: checkpoints[index - 1] ?? null,
    trace: shown,
    loading: isPending,
    error,
    go,
    retry: () => void refetch(),
  };
}
