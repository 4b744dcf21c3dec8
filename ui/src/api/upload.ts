import type { UploadResult } from "@/models";
import { ApiError, authorization, failure } from "./client";

interface UploadOptions {
  file: File;
  /** Where it comes from; a later upload from there is a newer content of the same document. */
  source: string | null;
  collectionId: string;
  /** The document whose newer content it is. */
  replaces: string | null;
  signal: AbortSignal;
  /** How much of the file is sent, from 0 to 1. */
  onProgress: (share: number) => void;
}

/** POST /api/upload_document. By XMLHttpRequest, as fetch tells nothing of what is sent. @throws ApiError */
export function uploadDocument(options: UploadOptions): Promise<UploadResult> {
  const { file, source, collectionId, replaces, signal, onProgress } = options;
  const form = new FormData();
  // The server reads parts in their order and wants to know where before it takes the bytes.
  form.append("collection_id", collectionId);
  if (source !== null) form.append("source", source);
  if (replaces !== null) form.append("document_id", replaces);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/upload_document");
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () =>
      reject(new ApiError(0, { type: "Unreachable", message: "The connection broke while the file was sent." }));
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve((JSON.parse(request.responseText) as { result: UploadResult }).result);
      } else reject(failure(request.status, request.responseText));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}
