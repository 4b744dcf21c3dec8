import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Toolchain } from "@/models";
import { call } from "./client";

export const TOOLCHAINS = ["toolchains"];
const toolchainKey = (id: string) => ["toolchain", id];
const versionsKey = (id: string) => [...toolchainKey(id), "versions"];

export function useToolchains() {
  return useQuery({
    queryKey: TOOLCHAINS,
    queryFn: ({ signal }) => call("get_available_toolchains", {}, signal),
    select: (result) => result.toolchains,
  });
}

/** A version of a toolchain, or its latest. */
export function useToolchain(id: string | null, version: number | null = null) {
  return useQuery({
    queryKey: [...toolchainKey(id ?? ""), { version }],
    queryFn: ({ signal }) => call("fetch_toolchain", { toolchain_id: id ?? "", version }, signal),
    enabled: id !== null,
  });
}

/** A toolchain's versions, newest first; asked again so often where somebody else may save one. */
export function useToolchainVersions(id: string | null, everyMs: number | false = false) {
  return useInfiniteQuery({
    queryKey: versionsKey(id ?? ""),
    enabled: id !== null,
    queryFn: ({ signal, pageParam }) =>
      call("fetch_toolchain_versions", { toolchain_id: id ?? "", before_version: pageParam }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before_version ?? null,
    refetchInterval: everyMs,
    select: ({ pages }) => pages.flatMap((page) => page.versions),
  });
}

/** What differs between a version and another, or a draft. */
export function useToolchainDiff(id: string, from: number, to: number | Toolchain) {
  return useQuery({
    queryKey: [...toolchainKey(id), "diff", from, to],
    queryFn: ({ signal }) => {
      const other = typeof to === "number" ? { to_version: to } : { toolchain: { ...to } };
      return call("diff_toolchain_versions", { toolchain_id: id, from_version: from, ...other }, signal);
    },
    select: ({ differences }) => differences,
    staleTime: Infinity,
  });
}

/** Makes a version the one that runs take which name none. */
export function usePublishToolchain(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, note }: { version: number; note: string | null }) =>
      call("publish_toolchain", { toolchain_id: id, version, note }),
    onSuccess: () => refreshed(client, id),
  });
}

/** Takes an older version as the newest one, and publishes it. */
export function useRollBackToolchain(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) => call("roll_back_toolchain", { toolchain_id: id, version }),
    onSuccess: () => refreshed(client, id),
  });
}

function refreshed(client: QueryClient, id: string) {
  return Promise.all([
    client.invalidateQueries({ queryKey: TOOLCHAINS }),
    client.invalidateQueries({ queryKey: toolchainKey(id) }),
  ]);
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

/** Who runs which version of a toolchain. */
export function useToolchainUse(id: string) {
  return useQuery({
    queryKey: [...toolchainKey(id), "use"],
    queryFn: ({ signal }) => call("fetch_toolchain_use", { toolchain_id: id }, signal),
  });
}

interface Saving {
  toolchain: Record<string, unknown>;
  /** The latest version that its writer knows of; 0 for a new toolchain, null to save whatever there is by now. */
  expected: number | null;
}

export function useSaveToolchain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ toolchain, expected }: Saving) => call("save_toolchain", { toolchain, expected_version: expected }),
    onSuccess: ({ id }) => refreshed(client, id),
    // What it collided with is there by now.
    onError: (_, { toolchain: { id } }) => (typeof id === "string" ? refreshed(client, id) : undefined),
  });
}

/** Takes in a toolchain from elsewhere; the notes say what of it could not be carried over. */
export function useImportToolchain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (toolchain: Record<string, unknown>) => call("import_toolchain", { toolchain }),
    onSuccess: ({ id }) => refreshed(client, id),
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
