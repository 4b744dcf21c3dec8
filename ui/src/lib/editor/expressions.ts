/** Conditions of one operator and its operands, for a form; whatever is more is edited as JSON. Pure. */
import { isObject, type JsonObject } from "@/lib/json";
import { markOf } from "./values";

export interface Comparison {
  operator: string;
  operands: readonly unknown[];
}

interface Operator {
  operator: string;
  words: string;
  operands: 1 | 2;
}

/** What the form offers. */
export const OPERATORS: readonly Operator[] = [
  { operator: "==", words: "is", operands: 2 },
  { operator: "!=", words: "is not", operands: 2 },
  { operator: ">", words: "is more than", operands: 2 },
  { operator: ">=", words: "is at least", operands: 2 },
  { operator: "<", words: "is less than", operands: 2 },
  { operator: "<=", words: "is at most", operands: 2 },
  { operator: "in", words: "is in", operands: 2 },
  { operator: "starts_with", words: "starts with", operands: 2 },
  { operator: "ends_with", words: "ends with", operands: 2 },
  { operator: "empty", words: "is empty", operands: 1 },
  { operator: "not", words: "is not so", operands: 1 },
  { operator: "exists", words: "is there", operands: 1 },
];

/** The comparison that an expression is; null when it is none that the form shows. */
export function comparisonOf(expression: unknown): Comparison | null {
  if (!isObject(expression) || markOf(expression) !== null) return null;
  const [entry, ...more] = Object.entries(expression);
  if (!entry || more.length > 0) return null;
  const [operator, given] = entry;
  const known = OPERATORS.find((one) => one.operator === operator);
  const operands: unknown[] = Array.isArray(given) ? given : [given];
  if (!known || operands.length !== known.operands) return null;
  return { operator, operands };
}

/** Whether an operand is an expression without its mark. */
export function isExpression(operand: unknown): boolean {
  return isObject(operand) && markOf(operand) === null && Object.keys(operand).length === 1;
}

/** Several expressions of which all or any must hold; null where an expression is something else. */
export function groupOf(expression: unknown): { operator: "and" | "or"; operands: readonly unknown[] } | null {
  if (!isObject(expression)) return null;
  const [entry, ...more] = Object.entries(expression);
  const [operator, operands] = entry ?? [];
  if (more.length > 0 || (operator !== "and" && operator !== "or") || !Array.isArray(operands)) return null;
  return operands.every(isExpression) ? { operator, operands } : null;
}

export function expressionOf({ operator, operands }: Comparison): JsonObject {
  return { [operator]: [...operands] };
}

/** The same operands with another operator; what is missing is empty text. */
export function withOperator({ operands }: Comparison, operator: string): Comparison {
  const count = OPERATORS.find((one) => one.operator === operator)?.operands ?? 2;
  return { operator, operands: Array.from({ length: count }, (_, index) => operands[index] ?? "") };
}
