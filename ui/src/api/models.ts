import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { applyModelEvent } from "@/lib/modelEvents";
import { streamEvents } from "@/lib/sse";
import type { Memory, Model, ModelChange, ModelEntry, ModelEvent, ModelList } from "@/models";
import { ApiError, call, request } from "./client";
import { useChange } from "./useChange";

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

/** What is wrong in models.yaml. */
export function useModelFaults() {
  return useQuery({
    queryKey: MODELS,
    queryFn: ({ signal }) => call("fetch_models", {}, signal),
    select: ({ faults }) => faults ?? [],
  });
}

export function useMemory() {
  return useQuery({
    queryKey: MEMORY,
    queryFn: ({ signal }) => call("fetch_memory", {}, signal),
    refetchInterval: RESTING_MS,
  });
}

/** Keeps models and memory as the runner tells of them, while the component is there. True while it does. */
export function useModelEvents(): boolean {
  const client = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const open = () =>
      request("/api/models/events", { headers: { Accept: "text/event-stream" }, signal: stop.signal }).then(
        (response) => {
          setLive(true);
          return response;
        },
      );
    async function follow() {
      const events = streamEvents({
        connect: open,
        isLast: () => false,
        mayRetry: (fault) => fault instanceof ApiError && [0, 502, 503].includes(fault.status),
        signal: stop.signal,
        attempts: 100,
      });
      for await (const { data } of events) {
        const event = JSON.parse(data) as Partial<ModelEvent>;
        if (event.memory) client.setQueryData<Memory>(MEMORY, event.memory);
        client.setQueryData<ModelList>(MODELS, (list) => applyModelEvent(list, event));
      }
    }
    follow().catch(() => setLive(false)); // the lists are asked by the clock all the same
    return () => stop.abort();
  }, [client]);
  return live;
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
        list ? { ...list, models: list.models.map((m) => (m.id === model ? { ...m, state } : m)) } : list,
      );
    },
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: MODELS }), client.invalidateQueries({ queryKey: MEMORY })]),
  });
}

export function useModifyModel() {
  return useChange((body: ModelChange) => call("modify_model", body), MODELS);
}

export function useAddModel() {
  return useChange((body: ModelEntry) => call("add_model", body), MODELS);
}

export function useRemoveModel() {
  return useChange((model: string) => call("remove_model", { model }), MODELS);
}

/** The last lines of a model's engines, asked every two seconds. */
export function useModelLogs(model: string) {
  return useQuery({
    queryKey: ["model-logs", model],
    queryFn: ({ signal }) => call("fetch_model_logs", { model, lines: 500 }, signal),
    refetchInterval: 2_000,
  });
}
