/**
 * Why a text is not JSON (RFC 8259), in words with the line. Browsers differ in what they say and some name no place.
 * @param text one that JSON.parse refused
 */
export function faultOfJson(text: string): string {
  if (text.trim() === "") return "There is nothing here yet.";
  const open: Bracket[] = [];
  let expecting: Expecting = "value";
  let at = 0;
  for (;;) {
    at = match(SPACE, text, at);
    if (at === text.length) return `${lineAt(text, at)}: the text ends where ${WANTED[expecting]} belongs.`;
    const end = match(TOKEN, text, at);
    const token = text.slice(at, end);
    const following: Expecting | null = end === at ? null : next(expecting, token, open);
    if (following === null) return `${lineAt(text, at)}: ${reason(expecting, token || text.slice(at, at + 20))}`;
    expecting = following;
    at = end;
  }
}

type Bracket = "{" | "[";
type Expecting = "value" | "item" | "member" | "name" | "colon" | "items" | "members" | "end";

/** What may stand at each place, for people. */
const WANTED: Record<Expecting, string> = {
  value: "a value",
  item: "a value or ]",
  member: "a name in quotes or }",
  name: "a name in quotes",
  colon: "a colon",
  items: "a comma or ]",
  members: "a comma or }",
  end: "the end",
};

const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)|[{}[\],:]/y;

/** Where the pattern ends that begins here; here, when it does not. */
function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function next(expecting: Expecting, token: string, open: Bracket[]): Expecting | null {
  const closes = (bracket: string) => token === bracket && open.pop() !== undefined;
  switch (expecting) {
    case "item":
      return closes("]") ? after(open) : begin(token, open);
    case "value":
      return begin(token, open);
    case "member":
      return closes("}") ? after(open) : token.startsWith('"') ? "colon" : null;
    case "name":
      return token.startsWith('"') ? "colon" : null;
    case "colon":
      return token === ":" ? "value" : null;
    case "items":
      return closes("]") ? after(open) : token === "," ? "value" : null;
    case "members":
      return closes("}") ? after(open) : token === "," ? "name" : null;
    case "end":
      return null;
  }
}

function begin(token: string, open: Bracket[]): Expecting | null {
  if (token === "{" || token === "[") {
    open.push(token);
    return token === "{" ? "member" : "item";
  }
  return /^[\]},:]/.test(token) ? null : after(open);
}

/** What follows a whole value. */
function after(open: readonly Bracket[]): Expecting {
  const around = open.at(-1);
  return around === undefined ? "end" : around === "{" ? "members" : "items";
}

function reason(expecting: Expecting, found: string): string {
  if (found.startsWith('"') && !/^"[^"]*"$/.test(found))
    return "this text is not closed in its line, or holds a wrong \\.";
  const [word = found] = found.split(/\s/);
  return expecting === "end"
    ? `nothing may follow, but ${word} does.`
    : `${WANTED[expecting]} belongs here, not ${word}`;
}

function lineAt(text: string, at: number): string {
  return `Line ${text.slice(0, at).split("\n").length}`;
}
