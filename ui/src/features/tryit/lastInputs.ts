import { call } from "@/api/client";
import type { JsonObject } from "@/lib/json";
import { needsOf } from "@/lib/tryit/needs";
import { pinsOf } from "@/lib/tryit/pins";
import type { Node, Round, Toolchain } from "@/models";

/** What a node is done on, alone. */
export interface NodeInputs {
  results: JsonObject;
  state: JsonObject;
  input: JsonObject;
  /** Of a node within a map or a loop, where it is known: the round. */
  round: Round | null;
}

/** The checkpoint at which a node was about to begin; the last one of a run that has not come to it. @throws ApiError */
export async function checkpointBefore(runId: string, node: string): Promise<string> {
  return (await call("fetch_run_step", { run_id: runId, node })).checkpoint_id;
}

/** The whole of what a place gave in a run; null where it gave nothing. @throws ApiError */
export async function resultOf(runId: string, place: string): Promise<unknown> {
  return (await call("fetch_run_step", { run_id: runId, node: place })).result;
}

/**
 * What a node would be done on now: what the last run gave to it, with what is pinned in the draft.
 * @param runId the last run of the whole toolchain; null while there is none
 * @throws ApiError
 */
export async function lastInputs(runId: string | null, node: Node, toolchain: Toolchain): Promise<NodeInputs> {
  const needs = needsOf(node, toolchain);
  const pins = pinsOf(toolchain);
  const pinned = Object.fromEntries(needs.nodes.filter((id) => Object.hasOwn(pins, id)).map((id) => [id, pins[id]]));
  if (runId === null) return { results: pinned, state: {}, input: {}, round: null };
  const { results, state, input, round } = await call("fetch_run_step", {
    run_id: runId,
    node: node.id,
    results: needs.nodes,
    state: needs.state,
  });
  return { results: { ...results, ...pinned }, state, input, round: round ?? null };
}
