import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";
import { useSession } from "./session";

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

/** Forgets everything that was fetched by somebody. */
export function forgetFetched(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "readiness" });
}

// A session also ends by itself, and another may log in where the last page still is.
let last = useSession.getState().session?.user.user_id;
useSession.subscribe(({ session }) => {
  if (!session || session.user.user_id === last) return;
  last = session.user.user_id;
  forgetFetched();
});
