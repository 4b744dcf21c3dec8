import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Document } from "@/models";
import { call, downloadDocument } from "./client";
import { COLLECTIONS } from "./collections";

export const documentsKey = (collectionId: string) => ["documents", collectionId];

/** True while the server is still at work on it. */
export function isIndexing({ status }: Document): boolean {
  return status === "pending" || status === "indexing";
}

/** The documents of a collection, newest first; asked every second while one of them is being read. */
export function useDocuments(collectionId: string) {
  return useInfiniteQuery({
    queryKey: documentsKey(collectionId),
    queryFn: ({ signal, pageParam }) =>
      call("fetch_collection_documents", { collection_id: collectionId, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_before ?? null,
    select: ({ pages }) => pages.flatMap((page) => page.documents),
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.documents.some(isIndexing)) ? 1_000 : false),
  });
}

export function useDocument(documentId: string) {
  return useQuery({
    queryKey: ["document", documentId],
    queryFn: ({ signal }) => call("fetch_document", { document_id: documentId }, signal),
  });
}

/** The text of one page, from 1. It never changes: a document is read once. */
export function useDocumentPage(documentId: string, page: number) {
  return useQuery({
    queryKey: ["document-page", documentId, page],
    queryFn: ({ signal }) => call("fetch_document_page", { document_id: documentId, page }, signal),
    staleTime: Infinity,
  });
}

/** The original file, kept for a few minutes after its last use. */
export function useOriginal(documentId: string, enabled: boolean) {
  return useQuery({
    queryKey: ["original", documentId],
    queryFn: ({ signal }) => downloadDocument(documentId, signal),
    enabled,
    staleTime: Infinity,
    gcTime: 3 * 60_000,
  });
}

export function useDeleteDocument(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (documentId: string) => call("delete_document", { document_id: documentId }),
    // Not awaited: the list's next state takes away what asked for this.
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: documentsKey(collectionId) });
      void client.invalidateQueries({ queryKey: COLLECTIONS });
    },
  });
}
