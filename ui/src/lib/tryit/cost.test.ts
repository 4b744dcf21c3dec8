import { expect, test } from "vitest";
import { EMPTY_TRACE, type NodeTrace } from "@/lib/trace";
import { costInWords, costOf, costOfRun, pricesOf } from "./cost";

const PRICES = pricesOf([
  { id: "a", price: { input: 2, output: 10, currency: "EUR" } },
  { id: "b", price: { input: 1, output: 1, currency: "USD" } },
  { id: "free", price: { input: 0, output: 0, currency: "EUR" } },
  { id: "unknown", price: null },
]);

function asked(id: string, model: unknown, prompt: number, completion: number): NodeTrace {
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return {
    ...{ id, kind: "llm", status: "completed", startedAt: 0, durationMs: 5, error: null, texts: {}, retrying: null },
    ...{ input: { model, messages: [] }, output: { text: "x", usage } },
  };
}

const words = (...nodes: NodeTrace[]) => {
  const cost = costOf(nodes, PRICES);
  return cost && costInWords(cost);
};

test("prompts and answers have prices of their own, and currencies sums of their own", () => {
  expect(words(asked("x", "a", 1000, 100))).toBe("€0.003");
  expect(words(asked("x", "a", 1000, 100), asked("y", "a", 500_000, 50_000))).toBe("€1.50");
  expect(words(asked("x", "a", 1000, 100), asked("y", "b", 3_400_000, 0))).toBe("€0.003 + $3.40");
  expect(words(asked("x", "free", 1000, 100))).toBe("€0.00");
});

test("nothing is said where no price is known, and what is not known is said", () => {
  expect(words(asked("x", "unknown", 10, 10))).toBeNull();
  expect(words(asked("x", ["a"], 10, 10))).toBeNull();
  expect(words({ ...asked("x", "a", 10, 10), output: null })).toBeNull();
  expect(words(asked("x", "unknown", 10, 10), asked("y", "a", 1000, 100))).toBe("at least €0.003");
});

test("a run costs what its nodes do, in every round, and what is done within them does not count again", () => {
  const nodes = [asked("each[0].ask", "a", 1000, 100), asked("each[1].ask", "a", 1000, 100)];
  const turn = asked("each[0].ask.turn.0", "a", 9e9, 0);
  const trace = { ...EMPTY_TRACE, nodes: new Map([...nodes, turn].map((node) => [node.id, node])) };
  const toolchain = {
    nodes: [
      {
        id: "each",
        kind: "map" as const,
        over: [],
        body: { nodes: [{ id: "ask", kind: "llm" as const, prompt: "?" }] },
      },
    ],
  };
  const cost = costOfRun(trace, toolchain, PRICES);
  expect(cost && costInWords(cost)).toBe("€0.006");
});
