/** What to tell a person about anything that was thrown. */
export function inWords(fault: unknown): string {
  return fault instanceof Error && fault.message ? fault.message : "Something went wrong.";
}
