import { useQuery } from "@tanstack/react-query";
import type { FetchUsageRequest, ModelRoute, ProviderReference, SetProviderRequest, UsageLimit } from "@/models";
import { call } from "./client";
import { MODELS } from "./models";
import { useChange } from "./useChange";

const PROVIDERS = ["providers"];
const ROUTES = ["model-routes"];
const LIMITS = ["limits"];

export function useUsage(request: FetchUsageRequest) {
  return useQuery({
    queryKey: ["usage", request],
    queryFn: ({ signal }) => call("fetch_usage", request, signal),
    select: ({ usage }) => usage,
    placeholderData: (before) => before,
  });
}

export function useProviders() {
  return useQuery({
    queryKey: PROVIDERS,
    queryFn: ({ signal }) => call("fetch_providers", {}, signal),
    select: ({ providers }) => providers,
  });
}

export function useSetProvider() {
  return useChange((body: SetProviderRequest) => call("set_provider", body), PROVIDERS, MODELS);
}

export function useDeleteProvider() {
  return useChange((body: ProviderReference) => call("delete_provider", body), PROVIDERS, MODELS);
}

export function useRoutes() {
  return useQuery({
    queryKey: ROUTES,
    queryFn: ({ signal }) => call("fetch_model_routes", {}, signal),
    select: ({ routes }) => routes,
  });
}

export function useSetRoute() {
  return useChange((body: ModelRoute) => call("set_model_route", body), ROUTES);
}

export function useDeleteRoute() {
  return useChange((name: string) => call("delete_model_route", { name }), ROUTES);
}

/** All limits; only administrators may ask. */
export function useLimits() {
  return useQuery({
    queryKey: LIMITS,
    queryFn: ({ signal }) => call("fetch_limits", {}, signal),
    select: ({ limits }) => limits,
  });
}

export function useSetLimit() {
  return useChange((body: UsageLimit) => call("set_limits", body), LIMITS);
}
