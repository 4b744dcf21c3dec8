export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value holds in a few words, for where it is folded: `3 items`, `{query, limit}`, a long text's beginning. */
export function summary(value: unknown, longest = 80): string {
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (isObject(value)) {
    const keys = Object.keys(value);
    const shown = keys.slice(0, 4).join(", ");
    return `{${shown}${keys.length > 4 ? ", …" : ""}}`;
  }
  if (typeof value === "string") return value.length > longest ? `${value.slice(0, longest)}…` : value;
  return String(value);
}

/** The JSON of a text, or why it is not JSON, in words with the line where reading stopped. */
export function readJson(text: string): { value: unknown; fault: null } | { value: null; fault: string } {
  try {
    return { value: JSON.parse(text) as unknown, fault: null };
  } catch (caught) {
    const message = caught instanceof Error ? caught.message : String(caught);
    return { value: null, fault: inLines(message, text) };
  }
}

/** Browsers say `at position 123` (V8, of which newer ones add the line) or `at line 3 column 4`: people need the line. */
function inLines(message: string, text: string): string {
  if (text.trim() === "") return "There is nothing here yet.";
  const position = /at position (\d+)/.exec(message)?.[1];
  const line = /line (\d+)/.exec(message)?.[1];
  const reason = message
    .replace(/^JSON\.parse: /, "")
    .replace(/ in JSON at position.*$/, "")
    .replace(/,? ?at line \d+ column \d+.*$/, "")
    .replace(/, (?:\.{3})?"[^]*" is not valid JSON$/, "");
  const where = line ?? (position === undefined ? null : String(text.slice(0, Number(position)).split("\n").length));
  return where === null ? `This is not JSON: ${reason}.` : `This is not JSON: ${reason} in line ${where}.`;
}
