import { useQuery } from "@tanstack/react-query";
import type { FunctionHelp } from "@/lib/editor/results";
import { request } from "./client";

/** What every function of the platform takes and gives. */
export function useFunctionHelp() {
  return useQuery({
    queryKey: ["help"],
    queryFn: async ({ signal }) => {
      const response = await request("/api/help", { signal });
      const { result } = (await response.json()) as { result: { functions: FunctionHelp[] } };
      return new Map(result.functions.map((one) => [one.name, one]));
    },
    staleTime: Infinity,
  });
}
