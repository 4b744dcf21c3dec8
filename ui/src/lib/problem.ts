import type { ErrorDetail } from "@/models";

const WORDS: Record<number, string> = {
  401: "You are not logged in.",
  403: "You may not do this.",
  404: "This no longer exists.",
  413: "This is too large.",
  429: "Too many requests; wait a moment.",
  502: "Penstock is not ready yet; try again in a moment.",
  503: "Penstock is not ready yet; try again in a moment.",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * The problem that an answer's body describes, in the form of /api (`{success, error}`) or of /v1 (`{error: {message, type}}`).
 * A body in neither form (a proxy's page, nothing at all) gives words for the status.
 */
export function readProblem(status: number, body: string): ErrorDetail {
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not JSON: the status alone speaks.
  }
  const error = isRecord(parsed) ? parsed["error"] : null;
  if (isRecord(error) && typeof error["message"] === "string") {
    return {
      ...(error as object),
      type: typeof error["type"] === "string" ? error["type"] : "Error",
      message: error["message"],
    };
  }
  return { type: `Http${status}`, message: WORDS[status] ?? `The server answered with status ${status}.` };
}
