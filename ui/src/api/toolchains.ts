import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";

export const TOOLCHAINS = ["toolchains"];
const toolchainKey = (id: string) => ["toolchain", id];

export function useToolchains() {
  return useQuery({
    queryKey: TOOLCHAINS,
    queryFn: ({ signal }) => call("get_available_toolchains", {}, signal),
    select: (result) => result.toolchains,
  });
}

/** A toolchain's latest version. */
export function useToolchain(id: string | null) {
  return useQuery({
    queryKey: toolchainKey(id ?? ""),
    queryFn: ({ signal }) => call("fetch_toolchain", { toolchain_id: id ?? "" }, signal),
    enabled: id !== null,
  });
}

/** Every fault of a draft at once, as the server sees it. */
export function useToolchainFaults(draft: Record<string, unknown> | null) {
  return useQuery({
    queryKey: ["toolchain-faults", draft],
    queryFn: ({ signal }) => call("validate_toolchain", { toolchain: draft ?? {} }, signal),
    enabled: draft !== null,
    select: ({ faults }) => faults,
    placeholderData: (previous) => previous,
    staleTime: Infinity,
    gcTime: 10_000,
  });
}

interface Saving {
  toolchain: Record<string, unknown>;
  /** A new toolchain must not take the place of one that is there; an edited one becomes its next version. */
  isNew: boolean;
}

export function useSaveToolchain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ toolchain, isNew }: Saving) => call(isNew ? "import_toolchain" : "save_toolchain", { toolchain }),
    onSuccess: ({ id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: TOOLCHAINS }),
        client.invalidateQueries({ queryKey: toolchainKey(id) }),
      ]),
  });
}

export function useDeleteToolchain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("delete_toolchain", { toolchain_id: id }),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: toolchainKey(id) });
      return client.invalidateQueries({ queryKey: TOOLCHAINS });
    },
  });
}
