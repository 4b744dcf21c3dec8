import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CrawlSiteRequest, Document, DocumentState } from "@/models";
import { chunksOfPage } from "@/lib/chunkPages";
import { isUnderWay, pollDelay } from "@/lib/ingestion";
import { call, downloadDocument } from "./client";
import { COLLECTIONS } from "./collections";
import { RUNS } from "./runs";

export const documentsKey = (collectionId: string) => ["documents", collectionId];

/** When each state of a list was first seen; a state that is asked for again without a change stays the same object. */
const seen = new WeakMap<object, number>();

function stillFor(state: object): number {
  const since = seen.get(state) ?? Date.now();
  seen.set(state, since);
  return Date.now() - since;
}

const LISTED = 200;

/** The documents of a collection, newest first, a page at a time; asked again soon while something moves, else seldom. */
export function useDocuments(collectionId: string) {
  return useDocumentList(collectionId, { state: null, enabled: true, busy: false });
}

/** As `useDocuments`, those in one state alone. `busy`: something moves that may come into it. */
export function useDocumentsIn(collectionId: string, state: DocumentState | null, busy: boolean) {
  return useDocumentList(collectionId, { state, enabled: state !== null, busy });
}

interface Listing {
  state: DocumentState | null;
  enabled: boolean;
  busy: boolean;
}

function useDocumentList(collectionId: string, { state, enabled, busy }: Listing) {
  return useInfiniteQuery({
    queryKey: [...documentsKey(collectionId), "list", state],
    queryFn: ({ signal, pageParam: before }) =>
      call("fetch_collection_documents", { collection_id: collectionId, state, before, limit: LISTED }, signal),
    enabled,
    // Until those of another state are here, those of the one before.
    placeholderData: (before, query) => (query?.queryKey[1] === collectionId ? before : undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_before ?? null,
    select: ({ pages }) => pages.flatMap((page) => page.documents),
    refetchInterval: ({ state: { data } }) => {
      if (!data) return false;
      const moves = busy || data.pages.some((page) => page.documents.some(isUnderWay));
      return pollDelay({ busy: moves, pages: data.pages.length, still: stillFor(data.pages) });
    },
  });
}

/** So many are counted in the time of a short list. */
const COUNTED = 10_000;

/** How many documents of a collection are in which state; asked again as its list is. */
export function useDocumentCounts(collectionId: string, enabled: boolean) {
  return useQuery({
    queryKey: [...documentsKey(collectionId), "counts"],
    queryFn: ({ signal }) => call("fetch_document_counts", { collection_id: collectionId }, signal),
    enabled,
    refetchInterval: ({ state: { data } }) =>
      data ? pollDelay({ busy: data.underway > 0, pages: data.documents / COUNTED, still: stillFor(data) }) : false,
  });
}

/** A document. `followed`: asked for again as lists are, so that a newer content and a deletion are seen. */
export function useDocument(documentId: string, followed = false) {
  return useQuery({
    queryKey: ["document", documentId],
    queryFn: ({ signal }) => call("fetch_document", { document_id: documentId }, signal),
    refetchInterval: ({ state: { data } }) =>
      followed && data ? pollDelay({ busy: isUnderWay(data), pages: 1, still: stillFor(data) }) : false,
  });
}

type Versioned = Pick<Document, "id" | "version">;

/** Another content is another version: what was read of one never changes. */
const versionKey = (kind: string, { id, version = 1 }: Versioned) => [kind, id, version];

/** The text of one page, from 1, and where its lines stand. */
export function useDocumentPage(document: Versioned, page: number, enabled = true) {
  return useQuery({
    queryKey: [...versionKey("document-page", document), page],
    queryFn: ({ signal }) => call("fetch_document_page", { document_id: document.id, page }, signal),
    enabled,
    staleTime: Infinity,
  });
}

const CHUNKS_AT_ONCE = 50;

/** The chunks that stand on a page, in order. */
export function usePageChunks(document: Document, page: number, enabled: boolean) {
  const { id, page_count: pages, chunk_count: chunks } = document;
  return useQuery({
    queryKey: [...versionKey("page-chunks", document), chunks, page],
    queryFn: ({ signal }) => {
      const read = (after: number) =>
        call("fetch_document_chunks", { document_id: id, after, limit: CHUNKS_AT_ONCE }, signal);
      return chunksOfPage(read, page, { pages, chunks });
    },
    enabled,
    staleTime: 60_000,
  });
}

/** How the original file of a document is asked for; kept for a few minutes after its last use. */
export function originalOf(document: Versioned) {
  return {
    queryKey: versionKey("original", document),
    queryFn: ({ signal }: { signal?: AbortSignal }) => downloadDocument(document.id, signal),
    staleTime: Infinity,
    gcTime: 3 * 60_000,
  };
}

export function useOriginal(document: Versioned) {
  return useQuery(originalOf(document));
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

/** Lets what failed be ingested once more: one document, or all of the collection's. */
export function useRetryDocuments(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (documentId: string | null) =>
      documentId === null
        ? call("retry_failed_documents", { collection_id: collectionId })
        : call("retry_document", { document_id: documentId }),
    onSuccess: () => client.invalidateQueries({ queryKey: documentsKey(collectionId) }),
  });
}

/** Lets the server fetch a file or a page and ingest it. */
export function useIngestUrl(collectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string) => call("ingest_url", { url, collection_id: collectionId }),
    onSettled: () => client.invalidateQueries({ queryKey: documentsKey(collectionId) }),
  });
}

/** Lets the server walk through a web site and ingest its pages, in a run of its own. */
export function useCrawlSite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: CrawlSiteRequest) => call("crawl_site", request),
    onSuccess: () => client.invalidateQueries({ queryKey: RUNS }),
  });
}
