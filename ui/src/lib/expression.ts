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
const ARITHMETIC: Record<string, string> = { "+": "+", "-": "−", "*": "×", "/": "÷", "%": "modulo" };
/** What is written as a function of its operands. */
const FUNCTIONS = new Set(
  (
    "min max sum round cat join split lower upper trim replace slice starts_with ends_with get set_at keys values " +
    "object merge unique reverse flatten range citations type string number integer to_json from_json exists " +
    "map filter find all some sort reduce"
  ).split(" "),
);
const OPERATORS = new Set([
  ...Object.keys(COMPARISONS),
  ...Object.keys(ARITHMETIC),
  ...FUNCTIONS,
  ...["and", "or", "not", "empty", "length", "if", "default"],
]);

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
    case "default":
      return operands.map(expressionInWords).join(", else ");
    case "if":
      return conditional(operands);
    default:
      if (FUNCTIONS.has(operator))
        return `${operator.replaceAll("_", " ")}(${operands.map(expressionInWords).join(", ")})`;
      if (operator in ARITHMETIC && operands.length === 1)
        return `${ARITHMETIC[operator] ?? ""}${expressionInWords(left)}`;
      if (operator in ARITHMETIC) return operands.map(term).join(` ${ARITHMETIC[operator] ?? operator} `);
      return `${expressionInWords(left)} ${COMPARISONS[operator] ?? operator} ${expressionInWords(right)}`;
  }
}

/** Conditions and what holds then, by turns; the last one is for the rest. */
function conditional(operands: readonly unknown[]): string {
  const [condition, then, ...rest] = operands;
  const first = `${expressionInWords(then)} if ${expressionInWords(condition)}`;
  if (rest.length === 0) return first;
  return `${first}, else ${rest.length === 1 ? expressionInWords(rest[0]) : conditional(rest)}`;
}

/** An operand of arithmetic, in brackets where it is arithmetic itself. */
function term(operand: unknown): string {
  const inner = only(operand)?.[0];
  const words = expressionInWords(operand);
  return inner !== undefined && inner in ARITHMETIC ? `(${words})` : words;
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
