import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  CollectionList,
  CollectionReference,
  CreateCollectionRequest,
  ModifyCollectionRequest,
  ReindexRequest,
} from "@/models";
import { call } from "./client";
import { useChange } from "./useChange";

export const COLLECTIONS = ["collections"];

/** All collections; asked every two seconds while one of them is cut or embedded anew. */
export function useCollections() {
  return useQuery({
    queryKey: COLLECTIONS,
    queryFn: ({ signal }) => call("fetch_all_collections", {}, signal),
    select: (result) => result.collections,
    refetchInterval: ({ state }) => (state.data?.collections.some(({ reindexing }) => reindexing) ? 2_000 : false),
  });
}

export function useCreateCollection() {
  return useChange((body: CreateCollectionRequest) => call("create_document_collection", body), COLLECTIONS);
}

export function useModifyCollection() {
  return useChange((body: ModifyCollectionRequest) => call("modify_document_collection", body), COLLECTIONS);
}

export function useDeleteCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CollectionReference) => call("delete_document_collection", body),
    onSuccess: (_, { collection_id: gone }) => {
      // At once: nobody is to be led to it while the list is asked for anew.
      client.setQueryData<CollectionList>(COLLECTIONS, (known) =>
        known ? { collections: known.collections.filter(({ id }) => id !== gone) } : known,
      );
      void client.invalidateQueries({ queryKey: COLLECTIONS });
    },
  });
}

/** What cutting or embedding a collection anew would cost; nothing is asked with null. */
export function useReindexCost(change: ReindexRequest | null) {
  return useQuery({
    queryKey: ["reindex-cost", change],
    queryFn: ({ signal }) => call("reindex_collection", { collection_id: "", ...change, dry_run: true }, signal),
    enabled: change !== null,
    staleTime: 10_000,
  });
}

/** Cuts or embeds a collection anew; the old is searched until the new is there. */
export function useReindex() {
  return useChange((change: ReindexRequest) => call("reindex_collection", { ...change, dry_run: false }), COLLECTIONS);
}
