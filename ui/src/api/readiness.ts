import { useQuery } from "@tanstack/react-query";
import type { SetupState } from "@/models";

/** GET /readyz: what works, and whether the first account is still to be made. */
export interface Readiness extends SetupState {
  ok: boolean;
  database: boolean;
  runner: boolean;
}

async function fetchReadiness(): Promise<Readiness> {
  // A 503 carries the same body: it says which part is not there yet.
  const response = await fetch("/readyz");
  return (await response.json()) as Readiness;
}

export const READINESS = ["readiness"];

export function useReadiness() {
  return useQuery({
    queryKey: READINESS,
    queryFn: fetchReadiness,
    retry: 2,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.ok ? false : 2_000),
  });
}
