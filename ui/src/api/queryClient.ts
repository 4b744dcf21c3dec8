import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";

/** Tries again only what may pass by itself: no connection and a part that is starting (502, 503). */
function mayPass(error: Error): boolean {
  return error instanceof ApiError && [0, 502, 503].includes(error.status);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: (count, error) => count < 2 && mayPass(error), staleTime: 5_000 },
    mutations: { retry: false },
  },
});
