import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Pull, PullOrder } from "@/models";
import { call } from "./client";

const PULLS = ["pulls"];

/** True while bytes are on their way, or will be. */
export function isUnderWay({ state }: Pull): boolean {
  return state === "queued" || state === "running";
}

/** Asked every second while one is under way. */
export function usePulls() {
  return useQuery({
    queryKey: PULLS,
    queryFn: ({ signal }) => call("fetch_pulls", {}, signal),
    select: ({ pulls }) => pulls,
    refetchInterval: ({ state }) => (state.data?.pulls.some(isUnderWay) ? 1_000 : false),
  });
}

export function usePullModel() {
  return usePullChange((body: PullOrder) => call("pull_model", body));
}

export function useCancelPull() {
  return usePullChange((pullId: string) => call("cancel_pull", { pull_id: pullId }));
}

function usePullChange<B>(change: (body: B) => Promise<Pull>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: PULLS }),
  });
}
