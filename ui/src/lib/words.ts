/** What to tell a person about anything that was thrown; of what the server did not foresee, where its log tells more. */
export function inWords(fault: unknown): string {
  if (!(fault instanceof Error) || !fault.message) return "Something went wrong.";
  const id = requestOf(fault);
  return id === null ? fault.message : `${fault.message} Its id: ${id}`;
}

/** The id of a request in which the server failed; null for every other fault: its message says it all. */
function requestOf(fault: Error): string | null {
  const { status, requestId } = fault as Partial<Record<"status" | "requestId", unknown>>;
  return typeof requestId === "string" && typeof status === "number" && status === 500 ? requestId : null;
}
