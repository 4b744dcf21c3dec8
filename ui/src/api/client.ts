import type { ErrorDetail, Fault } from "@/models";
import { readProblem } from "@/lib/problem";
import type { Functions } from "./functions";
import { endSession, useSession } from "./session";

/** What the server said went wrong; `message` is meant for people. Status 0: the server could not be reached. */
export class ApiError extends Error {
  readonly type: string;
  readonly status: number;
  readonly field: string | null;
  readonly requestId: string | null;
  readonly faults: Fault[];

  constructor(status: number, detail: ErrorDetail) {
    super(detail.message);
    this.name = "ApiError";
    this.type = detail.type;
    this.status = status;
    this.field = detail.field ?? null;
    this.requestId = detail.request_id ?? null;
    this.faults = detail.faults ?? [];
  }
}

export function authorization(): Record<string, string> {
  const token = useSession.getState().session?.token;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** `fetch` with the session's token. @throws ApiError for every answer that is not 2xx and when there is no answer. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { ...authorization(), ...(init.headers as object | undefined) } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, { type: "Unreachable", message: "Penstock does not answer. Is it running?" });
  }
  if (!response.ok) throw failure(response.status, await response.text());
  return response;
}

/** The error for an answer's status and body; a rejected token ends the session, so that the log-in appears. */
export function failure(status: number, body: string): ApiError {
  if (status === 401 && useSession.getState().session) endSession("Your session has ended. Please log in again.");
  return new ApiError(status, readProblem(status, body));
}

/** POST /api/<fn>. @throws ApiError */
export async function call<F extends keyof Functions>(
  fn: F,
  body: Functions[F][0],
  signal?: AbortSignal,
): Promise<Functions[F][1]> {
  const response = await request(`/api/${fn}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  const envelope = (await response.json()) as { result: Functions[F][1] };
  return envelope.result;
}

/** The raw bytes of a document's original file. @throws ApiError */
export async function downloadDocument(documentId: string, signal?: AbortSignal): Promise<Blob> {
  const response = await request("/api/download_document", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ document_id: documentId }),
    ...(signal ? { signal } : {}),
  });
  return response.blob();
}
