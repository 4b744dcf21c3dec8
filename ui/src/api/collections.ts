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
  return useCollectionMutation((body: CollectionReference) => call("delete_document_collection", body));
}

function useCollectionMutation<B, R>(mutationFn: (body: B) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: COLLECTIONS }) });
}
