import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Model, ModelList } from "@/models";
import { call } from "./client";

export const MODELS = ["models"];
export const MEMORY = ["memory"];

/** True while its process starts or ends, so that its state is about to change. */
export function isMoving({ state }: Model): boolean {
  return state === "loading" || state === "unloading";
}

const MOVING_MS = 700;
const RESTING_MS = 10_000;

/** Asked often while one of them is being loaded or unloaded. */
export function useModels() {
  return useQuery({
    queryKey: MODELS,
    queryFn: ({ signal }) => call("fetch_models", {}, signal),
    select: ({ models }) => models,
    refetchInterval: ({ state }) => (state.data?.models.some(isMoving) ? MOVING_MS : RESTING_MS),
  });
}

export function useMemory() {
  return useQuery({
    queryKey: MEMORY,
    queryFn: ({ signal }) => call("fetch_memory", {}, signal),
    refetchInterval: ({ state }) => (state.data?.models.some(isMoving) ? MOVING_MS : RESTING_MS / 2),
  });
}

/** Loads a model, or ends its process. The list shows the new state at once and is asked until it is reached. */
export function useMoveModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ model, to }: { model: string; to: "ready" | "off" }) =>
      call(to === "ready" ? "load_model" : "unload_model", { model }),
    onMutate: async ({ model, to }) => {
      await client.cancelQueries({ queryKey: MODELS });
      const state = to === "ready" ? "loading" : "unloading";
      client.setQueryData<ModelList>(MODELS, (list) =>
        list ? { models: list.models.map((m) => (m.id === model ? { ...m, state } : m)) } : list,
      );
    },
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: MODELS }), client.invalidateQueries({ queryKey: MEMORY })]),
  });
}
