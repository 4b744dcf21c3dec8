import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CollectionReference, CreateCollectionRequest, ModifyCollectionRequest } from "@/models";
import { call } from "./client";

export const COLLECTIONS = ["collections"];

export function useCollections() {
  return useQuery({
    queryKey: COLLECTIONS,
    queryFn: ({ signal }) => call("fetch_all_collections", {}, signal),
    select: (result) => result.collections,
  });
}

export function useCreateCollection() {
  return useCollectionMutation((body: CreateCollectionRequest) => call("create_document_collection", body));
}

export function useModifyCollection() {
  return useCollectionMutation((body: ModifyCollectionRequest) => call("modify_document_collection", body));
}

export function useDeleteCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CollectionReference) => call("delete_document_collection", body),
    // Not awaited: the list's next state takes away what asked for this.
    onSuccess: () => void client.invalidateQueries({ queryKey: COLLECTIONS }),
  });
}

function useCollectionMutation<B, R>(mutationFn: (body: B) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: COLLECTIONS }) });
}
