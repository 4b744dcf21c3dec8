/** What a reference stood for in the run that is shown. Pure. */
import { summary } from "@/lib/json";
import type { NodeRun } from "./nodeRun";
import { valueAt } from "./values";

/** The value of a reference to a node's result; undefined where the run tells none. */
export function lastValue(reference: string, runs: ReadonlyMap<string, NodeRun>): unknown {
  const [root, id = "", ...rest] = reference.split(".");
  const run = root === "nodes" ? runs.get(id) : undefined;
  return run?.output === undefined ? undefined : valueAt(run.output, rest.join("."));
}

/** It in a few words; null where there is none. */
export function previewOf(reference: string, runs: ReadonlyMap<string, NodeRun>): string | null {
  const value = lastValue(reference, runs);
  return value === undefined ? null : summary(value, 120);
}
