import { call } from "@/api/client";
import type { JsonObject } from "@/lib/json";
import { needsOf } from "@/lib/tryit/needs";
import { pinsOf } from "@/lib/tryit/pins";
import type { Checkpoint, Node, Toolchain } from "@/models";

/** What a node is done on, alone. */
export interface NodeInputs {
  results: JsonObject;
  state: JsonObject;
  input: JsonObject;
}

const PAGE = 1000;

/** The checkpoints of a run, oldest first; large states and results are left out of some. */
async function checkpointsOf(runId: string): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  for (let after: string | null = null; ;) {
    const page: { checkpoints: Checkpoint[]; next_after?: string | null } = await call("fetch_run_checkpoints", {
      run_id: runId,
      after,
      limit: PAGE,
    });
    found.push(...page.checkpoints);
    if (!page.next_after) return found;
    after = page.next_after;
  }
}

/** One with its state and result, however large. */
async function whole(runId: string, checkpoint: Checkpoint): Promise<Checkpoint> {
  if (checkpoint.state !== null) return checkpoint;
  const { checkpoints } = await call("fetch_run_checkpoints", {
    run_id: runId,
    checkpoint_id: checkpoint.checkpoint_id,
  });
  return checkpoints[0] ?? checkpoint;
}

/** The checkpoint at which a node was about to begin; the last one of a run that has not come to it. @throws ApiError */
export async function checkpointBefore(runId: string, node: string): Promise<string> {
  const checkpoints = await checkpointsOf(runId);
  const at = firstOf(checkpoints, node);
  return (at > 0 ? checkpoints[at - 1] : checkpoints.at(-1))?.checkpoint_id ?? `${runId}.0`;
}

/** The first checkpoint of a node or of what it holds; -1 where the run has not come to it. */
function firstOf(checkpoints: readonly Checkpoint[], node: string): number {
  return checkpoints.findIndex(
    ({ node: place }) =>
      place === node || place?.startsWith(`${node}.`) === true || place?.startsWith(`${node}[`) === true,
  );
}

/** The whole of what a place gave in a run; undefined where it gave nothing. @throws ApiError */
export async function resultOf(runId: string, place: string): Promise<unknown> {
  const found = (await checkpointsOf(runId)).findLast(({ node }) => node === place);
  return found ? (await whole(runId, found)).result : undefined;
}

/**
 * What a node would be done on now: what the last run gave to it, with what is pinned in the draft.
 * @param runId the last run of the whole toolchain; null while there is none
 * @throws ApiError
 */
export async function lastInputs(runId: string | null, node: Node, toolchain: Toolchain): Promise<NodeInputs> {
  const needs = needsOf(node);
  const pins = pinsOf(toolchain);
  const inputs: NodeInputs = { results: {}, state: {}, input: {} };
  for (const id of needs.nodes) if (Object.hasOwn(pins, id)) inputs.results[id] = pins[id];
  if (runId === null) return inputs;
  const [{ input }, checkpoints] = await Promise.all([call("fetch_run", { run_id: runId }), checkpointsOf(runId)]);
  inputs.input = input;
  for (const id of needs.nodes) {
    if (Object.hasOwn(inputs.results, id)) continue;
    const found = checkpoints.findLast(({ node: place }) => place === id);
    if (found) inputs.results[id] = (await whole(runId, found)).result;
  }
  const at = firstOf(checkpoints, node.id);
  const before = at > 0 ? checkpoints[at - 1] : checkpoints.at(-1);
  if (needs.state.length > 0 && before) {
    const { state } = await whole(runId, before);
    const keys = needs.state.filter((key) => state !== null && Object.hasOwn(state, key));
    inputs.state = Object.fromEntries(keys.map((key) => [key, state?.[key]]));
  }
  return inputs;
}
