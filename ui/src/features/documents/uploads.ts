import { create } from "zustand";
import { COLLECTIONS } from "@/api/collections";
import { documentsKey } from "@/api/documents";
import { queryClient } from "@/api/queryClient";
import { uploadDocument } from "@/api/upload";
import { faultOfFile, nextToSend, overallProgress, type Upload } from "@/lib/uploads";
import { inWords } from "@/lib/words";

/** The files on their way to the server, and those just sent. They go on while other pages are shown. */
export const useUploads = create<{ uploads: Upload[] }>()(() => ({ uploads: [] }));

const files = new Map<number, File>();
const controllers = new Map<number, AbortController>();
let last = 0;

export function addFiles(collectionId: string, added: readonly File[]): void {
  const uploads = added.map((file): Upload => {
    const id = ++last;
    files.set(id, file);
    const error = faultOfFile(file);
    const phase = error === null ? "waiting" : "failed";
    return { id, collectionId, name: file.name, size: file.size, phase, progress: 0, documentId: null, error };
  });
  useUploads.setState((state) => ({ uploads: [...state.uploads, ...uploads] }));
  pump();
}

export function retryUpload(id: number): void {
  change(id, { phase: "waiting", progress: 0, error: null, documentId: null });
  pump();
}

/** Stops an upload that is on its way and forgets it. */
export function dismissUpload(id: number): void {
  controllers.get(id)?.abort();
  files.delete(id);
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.id !== id) }));
}

/** The upload that a document came from, when that happened on this page: its file can be sent once more. */
export function uploadOf(documentId: string): Upload | null {
  return useUploads.getState().uploads.find((upload) => upload.documentId === documentId) ?? null;
}

function change(id: number, fields: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...fields } : upload)),
  }));
}

function pump(): void {
  for (const upload of nextToSend(useUploads.getState().uploads)) void send(upload);
}

async function send({ id, collectionId }: Upload): Promise<void> {
  const file = files.get(id);
  if (!file) return;
  const controller = new AbortController();
  controllers.set(id, controller);
  change(id, { phase: "sending" });
  try {
    const onProgress = (progress: number) => change(id, { progress });
    const { document_id } = await uploadDocument({ file, collectionId, signal: controller.signal, onProgress });
    change(id, { phase: "sent", progress: 1, documentId: document_id });
    await queryClient.invalidateQueries({ queryKey: documentsKey(collectionId) });
    change(id, { phase: "listed" });
    await queryClient.invalidateQueries({ queryKey: COLLECTIONS });
  } catch (fault) {
    change(id, { phase: "failed", error: inWords(fault) });
  } finally {
    controllers.delete(id);
    pump();
  }
}

window.addEventListener("beforeunload", (event) => {
  if (overallProgress(useUploads.getState().uploads) !== null) event.preventDefault();
});
