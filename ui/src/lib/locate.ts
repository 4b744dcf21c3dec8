/**
 * Where in a JSON text the value of a path stands, as `[start, end)`; where the path leads nowhere, the nearest value on
 * the way to it.
 * @param text well-formed JSON
 * @param path as the server names faults: `nodes[2].input.query`, `$` for the whole
 */
export function locate(text: string, path: string): [start: number, end: number] {
  let start = skipSpace(text, 0);
  for (const step of stepsOf(path)) {
    const found = typeof step === "number" ? elementOf(text, start, step) : memberOf(text, start, step);
    if (found === null) break;
    start = found;
  }
  return [start, endOf(text, start)];
}

function stepsOf(path: string): (string | number)[] {
  if (path === "$") return [];
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? "") : Number(index),
  );
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

/** The end of the value that begins here. */
function endOf(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") {
    const rest = /[\s,\]}]/.exec(text.slice(start));
    return rest ? start + rest.index : text.length;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function elementOf(text: string, start: number, index: number): number | null {
  if (text[start] !== "[") return null;
  let at = skipSpace(text, start + 1);
  for (let seen = 0; at < text.length && text[at] !== "]"; seen++) {
    if (seen === index) return at;
    at = afterComma(text, endOf(text, at));
  }
  return null;
}

function memberOf(text: string, start: number, name: string): number | null {
  if (text[start] !== "{") return null;
  let at = skipSpace(text, start + 1);
  while (text[at] === '"') {
    const end = endOfString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return value;
    at = afterComma(text, endOf(text, value));
  }
  return null;
}

function afterComma(text: string, at: number): number {
  const next = skipSpace(text, at);
  return text[next] === "," ? skipSpace(text, next + 1) : next;
}
