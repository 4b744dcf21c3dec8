import { isObject } from "./json";

function only(value: unknown): [key: string, held: unknown] | null {
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  return entries.length === 1 ? (entries[0] ?? null) : null;
}

const COMPARISONS: Record<string, string> = {
  "==": "is",
  "!=": "is not",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
  in: "is in",
};
const OPERATORS = new Set([...Object.keys(COMPARISONS), "and", "or", "not", "empty", "length"]);

/** What a `not` turns a comparison into, where the language has a word for it. */
const OPPOSITES: Record<string, string> = {
  "==": "is not",
  "!=": "is",
  ">": "is at most",
  ">=": "is less than",
  "<": "is at least",
  "<=": "is more than",
  in: "is not in",
};

/** A condition of the toolchain language in words: `{"empty": [{"ref": "state.hits"}]}` is `hits is empty`. */
export function expressionInWords(expression: unknown): string {
  const pair = only(expression);
  if (!pair || !OPERATORS.has(pair[0])) return valueInWords(expression);
  const [operator, given] = pair;
  const operands: unknown[] = Array.isArray(given) ? given : [given];
  const [left, right] = operands;
  switch (operator) {
    case "and":
    case "or":
      return operands.map((operand) => grouped(operand, operator)).join(` ${operator} `);
    case "not":
      return negated(left);
    case "empty":
      return `${expressionInWords(left)} is empty`;
    case "length":
      return `length of ${expressionInWords(left)}`;
    default:
      return `${expressionInWords(left)} ${COMPARISONS[operator] ?? operator} ${expressionInWords(right)}`;
  }
}

function grouped(operand: unknown, around: string): string {
  const inner = only(operand)?.[0];
  const words = expressionInWords(operand);
  return (inner === "and" || inner === "or") && inner !== around ? `(${words})` : words;
}

function negated(operand: unknown): string {
  const pair = only(operand);
  const operands: unknown[] = pair ? (Array.isArray(pair[1]) ? pair[1] : [pair[1]]) : [];
  const [left, right] = operands;
  if (pair?.[0] === "empty") return `${expressionInWords(left)} is not empty`;
  if (pair?.[0] === "not") return expressionInWords(left);
  const opposite = pair && OPPOSITES[pair[0]];
  if (opposite) return `${expressionInWords(left)} ${opposite} ${expressionInWords(right)}`;
  return pair?.[0] === "and" || pair?.[0] === "or"
    ? `not (${expressionInWords(operand)})`
    : `not ${expressionInWords(operand)}`;
}

/** A value of the toolchain language in words: references without their root, texts in quotes. */
export function valueInWords(value: unknown): string {
  const marked = only(value);
  if (marked?.[0] === "ref") return referenceInWords(String(marked[1]));
  if (marked?.[0] === "expr") return expressionInWords(marked[1]);
  if (marked?.[0] === "literal") return JSON.stringify(marked[1]);
  if (marked?.[0] === "template") return `“${String(marked[1])}”`;
  if (typeof value === "string") return `“${value}”`;
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : value.map(valueInWords).join(", ");
  return typeof value === "boolean" ? (value ? "true" : "false") : JSON.stringify(value);
}

/** `state.question` and `input.question` are `question`; `nodes.search.hits` is `search.hits`; underscores are spaces. */
function referenceInWords(path: string): string {
  return path.replace(/^(state|input|nodes)\./, "").replaceAll("_", " ");
}
