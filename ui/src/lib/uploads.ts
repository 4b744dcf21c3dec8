/** `waiting` for its turn, `sending` its bytes, `sent` when the server has taken it as a document, `failed` with words. */
export type UploadPhase = "waiting" | "sending" | "sent" | "failed";

export interface Upload {
  id: number;
  collectionId: string;
  name: string;
  size: number;
  phase: UploadPhase;
  /** From 0 to 1. */
  progress: number;
  /** The document's id once it is sent. */
  documentId: string | null;
  /** The document whose newer content it is. */
  replaces: string | null;
  error: string | null;
}

/** Files sent at the same time. */
export const CONCURRENCY = 3;

/** Which uploads to start now, in the order in which they were added. */
export function nextToSend(uploads: readonly Upload[], concurrency = CONCURRENCY): Upload[] {
  const free = concurrency - uploads.filter((upload) => upload.phase === "sending").length;
  return uploads.filter((upload) => upload.phase === "waiting").slice(0, Math.max(0, free));
}

/** Why a file is not even sent, or null. */
export function faultOfFile(file: { name: string; size: number }): string | null {
  if (file.size === 0) return "The file is empty.";
  if (file.name.length > 255) return "The file's name is too long.";
  return null;
}

/** The uploads that a table still has to show: those of the collection that it does not list as documents yet. */
export function pendingUploads(
  uploads: readonly Upload[],
  collectionId: string,
  documentIds: ReadonlySet<string>,
): Upload[] {
  return uploads.filter(
    (upload) =>
      upload.collectionId === collectionId && !(upload.documentId !== null && documentIds.has(upload.documentId)),
  );
}

const ORDER: Record<UploadPhase, number> = { failed: 0, sending: 1, sent: 2, waiting: 3 };

/** The uploads that a table has room for, what needs an eye first, and how many more there are. */
export function foremost(uploads: readonly Upload[], room: number): { shown: Upload[]; hidden: number } {
  const shown = [...uploads].sort((a, b) => ORDER[a.phase] - ORDER[b.phase] || a.id - b.id).slice(0, room);
  return { shown, hidden: uploads.length - shown.length };
}

/** The whole's progress from 0 to 1, weighted by size; null when nothing is on its way. */
export function overallProgress(uploads: readonly Upload[]): number | null {
  const active = uploads.filter((upload) => upload.phase === "waiting" || upload.phase === "sending");
  if (active.length === 0) return null;
  const total = active.reduce((sum, upload) => sum + upload.size, 0);
  const sent = active.reduce((sum, upload) => sum + upload.size * upload.progress, 0);
  return total === 0 ? 0 : sent / total;
}
