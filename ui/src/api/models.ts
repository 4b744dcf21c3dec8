import { useQuery } from "@tanstack/react-query";
import { call } from "./client";

export const MODELS = ["models"];

export function useModels() {
  return useQuery({
    queryKey: MODELS,
    queryFn: ({ signal }) => call("fetch_models", {}, signal),
    select: (r) => r.models,
  });
}
