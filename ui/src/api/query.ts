import type { QueryRequest } from "@/models";
import { request } from "./client";

/** POST /v1/query: asks, and opens the stream of the answer's events. @throws ApiError */
export function openQuery(body: QueryRequest, signal: AbortSignal): Promise<Response> {
  return request("/v1/query", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
}

/** GET /v1/query/{run_id}: the events of an answer after one of them, or all. @throws ApiError */
export function resumeQuery(runId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
  return request(`/v1/query/${encodeURIComponent(runId)}`, {
    headers: { Accept: "text/event-stream", ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) },
    signal,
  });
}
