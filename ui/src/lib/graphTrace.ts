/** A run as its graph shows it: every node of the toolchain once, however often it was done. Pure. */
import type { RunStatus, Toolchain } from "@/models";
import { isObject } from "./json";
import { nodeAt, roundsInWords, roundsOf } from "./places";
import type { NodeStatus, NodeTrace, RunTrace } from "./trace";

/** What a node has done, in all rounds together. */
export interface StepTrace {
  status: NodeStatus;
  durationMs: number | null;
  /** How often it was done, or of a map or loop how many rounds: `12 of 40`. Null for what is done once. */
  rounds: string | null;
  /** The node that a branch went to. */
  goesTo: string | null;
  retrying: boolean;
}

export interface GraphTrace {
  status: RunStatus;
  /** By the node's id. */
  steps: ReadonlyMap<string, StepTrace>;
}

/** What several together are: what is under way first, then what went wrong. */
const ORDER: NodeStatus[] = ["running", "waiting", "failed", "stopped", "completed", "skipped"];

export function graphTraceOf(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">): GraphTrace {
  const groups = new Map<string, NodeTrace[]>();
  for (const node of trace.nodes.values()) {
    const found = nodeAt(toolchain, node.id);
    // What an agent or a subchain does shows as the node itself.
    if (!found?.exact) continue;
    const group = groups.get(found.node.id);
    if (group) group.push(node);
    else groups.set(found.node.id, [node]);
  }
  const rounds = roundsOf(trace, toolchain);
  const steps = new Map<string, StepTrace>();
  for (const [id, nodes] of groups) steps.set(id, together(nodes, rounds));
  return { status: trace.status, steps };
}

function together(nodes: readonly NodeTrace[], rounds: ReturnType<typeof roundsOf>): StepTrace {
  const [first] = nodes;
  const only = nodes.length === 1 && first && !first.id.includes("[") ? first : null;
  const done = nodes.filter(({ status }) => status !== "running" && status !== "waiting").length;
  const own = only ? rounds.get(only.id) : undefined;
  return {
    status: ORDER.find((status) => nodes.some((node) => node.status === status)) ?? "completed",
    durationMs: only?.durationMs ?? null,
    rounds: own ? roundsInWords(own) : only ? null : `${done}×`,
    goesTo:
      only?.kind === "branch" && isObject(only.output) && typeof only.output["to"] === "string"
        ? only.output["to"]
        : null,
    retrying: nodes.some(({ retrying }) => retrying !== null),
  };
}
