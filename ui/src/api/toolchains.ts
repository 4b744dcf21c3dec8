import { useQuery } from "@tanstack/react-query";
import { call } from "./client";

export const TOOLCHAINS = ["toolchains"];

export function useToolchains() {
  return useQuery({
    queryKey: TOOLCHAINS,
    queryFn: ({ signal }) => call("get_available_toolchains", {}, signal),
    select: (result) => result.toolchains,
  });
}
