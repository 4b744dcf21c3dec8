import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { hasEnded } from "@/lib/trace";
import type { CaseRun, RunCasesRequest } from "@/models";
import { call } from "./client";
import { RUNS } from "./runs";

const tableKey = (id: string) => ["case-table", id];
const caseRunKey = (id: string) => ["case-run", id];
const LOOK_MS = 700;

/** Which cases passed in which versions. */
export function useCaseTable(toolchainId: string) {
  return useQuery({
    queryKey: tableKey(toolchainId),
    queryFn: ({ signal }) => call("fetch_case_table", { toolchain_id: toolchainId }, signal),
  });
}

/** Times that cases were run, asked again while they go on; in the order of the ids, without those that are gone. */
export function useCaseRuns(toolchainId: string, ids: readonly string[]): CaseRun[] {
  const client = useQueryClient();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: caseRunKey(id),
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const run = await call("fetch_case_run", { case_run_id: id }, signal);
        if (hasEnded(run.status)) void client.invalidateQueries({ queryKey: tableKey(toolchainId) });
        return run;
      },
      staleTime: Infinity,
      refetchInterval: ({ state }: { state: { data: CaseRun | undefined } }) =>
        state.data && !hasEnded(state.data.status) ? LOOK_MS : (false as const),
    })),
    combine: (results) => results.flatMap(({ data }) => (data ? [data] : [])),
  });
}

/** Starts cases and answers at once. */
export function useStartCases() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Omit<RunCasesRequest, "wait">) => call("test_toolchain", { ...body, wait: false }),
    onSuccess: (run) => {
      client.setQueryData(caseRunKey(run.case_run_id), run);
      return client.invalidateQueries({ queryKey: RUNS });
    },
  });
}

/** Ends what goes on of a time that cases are run: itself, and the runs that it began. */
export function useStopCases() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: CaseRun) => call("cancel_run", { run_id: run.run_id }),
    onSuccess: (_, run) => client.invalidateQueries({ queryKey: caseRunKey(run.case_run_id) }),
  });
}
