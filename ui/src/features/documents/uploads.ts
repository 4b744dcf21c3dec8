import { create } from "zustand";
import { ApiError } from "@/api/client";
import { COLLECTIONS } from "@/api/collections";
import { documentsKey } from "@/api/documents";
import { queryClient } from "@/api/queryClient";
import { uploadDocument } from "@/api/upload";
import { toast } from "@/components/toast";
import type { Picked } from "@/lib/dropped";
import { plural } from "@/lib/format";
import { faultOfFile, nextToSend, overallProgress, type Upload } from "@/lib/uploads";
import { inWords } from "@/lib/words";

/** The files on their way to the server, and those just sent. They go on while other pages are shown. */
export const useUploads = create<{ uploads: Upload[] }>()(() => ({ uploads: [] }));

const files = new Map<number, Picked>();
const controllers = new Map<number, AbortController>();
let last = 0;

/** @param replaces the document whose newer content the file is */
export function addFiles(collectionId: string, added: readonly Picked[], replaces: string | null = null): void {
  const uploads = added.map((picked): Upload => {
    const { file } = picked;
    const id = ++last;
    files.set(id, picked);
    const error = faultOfFile(file);
    const phase = error === null ? "waiting" : "failed";
    return {
      id,
      collectionId,
      name: file.name,
      size: file.size,
      phase,
      progress: 0,
      documentId: null,
      replaces,
      error,
    };
  });
  useUploads.setState((state) => ({ uploads: [...state.uploads, ...uploads] }));
  pump();
}

export function retryUpload(id: number): void {
  change(id, { phase: "waiting", progress: 0, error: null, documentId: null });
  pump();
}

/** Sends all of a collection once more that failed and may succeed. */
export function retryUploads(collectionId: string): void {
  const failed = useUploads.getState().uploads.filter((upload) => upload.collectionId === collectionId);
  for (const { id, phase, size } of failed) if (phase === "failed" && size > 0) retryUpload(id);
}

/** Stops an upload that is on its way and forgets it. */
export function dismissUpload(id: number): void {
  controllers.get(id)?.abort();
  forget(new Set([id]));
}

function forget(ids: ReadonlySet<number>): void {
  for (const id of ids) files.delete(id);
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => !ids.has(upload.id)) }));
}

function change(id: number, fields: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...fields } : upload)),
  }));
}

function pump(): void {
  for (const upload of nextToSend(useUploads.getState().uploads)) void send(upload);
}

async function send({ id, collectionId, replaces }: Upload): Promise<void> {
  const picked = files.get(id);
  if (!picked) return;
  const controller = new AbortController();
  controllers.set(id, controller);
  change(id, { phase: "sending" });
  try {
    const { document_id, unchanged = false } = await uploadDocument({
      ...picked,
      collectionId,
      replaces,
      signal: controller.signal,
      onProgress: (progress) => change(id, { progress }),
    });
    change(id, { phase: "sent", progress: 1, documentId: document_id });
    if (unchanged) same += 1;
    listSoon();
  } catch (fault) {
    change(id, { phase: "failed", error: inWords(fault) });
    // The collection may have been deleted elsewhere.
    if (fault instanceof ApiError && fault.status === 404)
      void queryClient.invalidateQueries({ queryKey: COLLECTIONS });
  } finally {
    controllers.delete(id);
    pump();
  }
}

const LIST_MS = 700;
let listing: ReturnType<typeof setTimeout> | null = null;
/** Files of which the server had the same content already. */
let same = 0;

/** Reads the lists of documents anew, once for all that was sent meanwhile; after that they show what was sent. */
function listSoon(): void {
  listing ??= setTimeout(() => {
    listing = null;
    void list();
  }, LIST_MS);
}

async function list(): Promise<void> {
  const sent = useUploads.getState().uploads.filter(({ phase }) => phase === "sent");
  const collections = new Set(sent.map(({ collectionId }) => collectionId));
  const keys = [...[...collections].map(documentsKey), COLLECTIONS];
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  forget(new Set(sent.map(({ id }) => id)));
  if (same > 0) toast("done", `${plural(same, "file has", "files have")} not changed.`);
  same = 0;
}

window.addEventListener("beforeunload", (event) => {
  if (overallProgress(useUploads.getState().uploads) !== null) event.preventDefault();
});
