/** A run as the editor's nodes show it. Pure. */
import type { NodeRun } from "@/lib/editor/nodeRun";
import { graphTraceOf } from "@/lib/graphTrace";
import { isObject } from "@/lib/json";
import { nodeAt } from "@/lib/places";
import type { NodeTrace, RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";

// The end of a text is what one watches growing.
const TEXT_END = 600;

/**
 * What every node of the toolchain has done in a run.
 * @param before what was told last: a node about which nothing new is known keeps its object, and is not drawn anew
 */
export function nodeRunsOf(
  trace: RunTrace,
  toolchain: Pick<Toolchain, "nodes">,
  pinned: ReadonlySet<string>,
  before: ReadonlyMap<string, NodeRun>,
): ReadonlyMap<string, NodeRun> {
  const { steps } = graphTraceOf(trace, toolchain);
  const places = new Map<string, NodeTrace[]>();
  for (const node of trace.nodes.values()) {
    const found = nodeAt(toolchain, node.id);
    if (!found?.exact) continue;
    const known = places.get(found.node.id);
    if (known) known.push(node);
    else places.set(found.node.id, [node]);
  }
  const runs = new Map<string, NodeRun>();
  for (const [id, { status, durationMs, rounds, retrying }] of steps) {
    const nodes = places.get(id) ?? [];
    const last = nodes.at(-1);
    const next: NodeRun = {
      status,
      durationMs,
      rounds,
      retrying,
      tokens: tokensOf(nodes),
      text: last ? textOf(last) : "",
      input: last?.input ?? undefined,
      output: last?.output ?? undefined,
      error: nodes.find(({ error }) => error !== null)?.error ?? null,
      pinned: pinned.has(id),
    };
    const known = before.get(id);
    runs.set(id, known && sameRun(known, next) ? known : next);
  }
  return runs.size === before.size && [...runs].every(([id, run]) => before.get(id) === run) ? before : runs;
}

function sameRun(a: NodeRun, b: NodeRun): boolean {
  return (Object.keys(b) as (keyof NodeRun)[]).every((key) => Object.is(a[key], b[key]));
}

function textOf({ texts }: NodeTrace): string {
  const [text = ""] = Object.values(texts);
  return text.length > TEXT_END ? text.slice(-TEXT_END) : text;
}

/** Tokens that these have used together; null where none has asked a model that counts them. */
export function tokensOf(nodes: readonly NodeTrace[]): number | null {
  const counts = nodes.map(({ output }) => usageOf(output)).filter((count) => count !== null);
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : null;
}

function usageOf(output: unknown): number | null {
  const usage = isObject(output) ? output["usage"] : null;
  if (!isObject(usage)) return null;
  const number = (key: string) => (typeof usage[key] === "number" ? usage[key] : 0);
  const total = number("total_tokens") || number("prompt_tokens") + number("completion_tokens");
  return total > 0 ? total : null;
}

/** Tokens of a whole run: of its own nodes and those within them, where they count by themselves. */
export function tokensOfRun(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">): number | null {
  return tokensOf([...trace.nodes.values()].filter(({ id }) => nodeAt(toolchain, id)?.exact));
}
