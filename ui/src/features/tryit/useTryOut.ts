import { useForkRun, useRunNode, useStartRun } from "@/api/runs";
import { toastFailure } from "@/components/toast";
import { useEditorStore } from "@/features/editor/store";
import { holdersOf } from "@/lib/editor/tree";
import type { JsonObject } from "@/lib/json";
import { asDraft, validPins } from "@/lib/tryit/pins";
import type { RunToolchainResult } from "@/models";
import { checkpointBefore, type NodeInputs } from "./lastInputs";
import { useTrialStore } from "./trial";

/** Ways to run the draft that is edited; the run that begins is the one that the nodes show. */
export function useTryOut() {
  const editor = useEditorStore();
  const trial = useTrialStore();
  const whole = useStartRun();
  const fork = useForkRun();
  const alone = useRunNode();

  function show({ run_id: runId, thread_id: thread }: RunToolchainResult, keepsThread = false) {
    trial.setState({ runId, baseId: runId, past: null, ...(keepsThread ? { thread } : {}) });
  }

  // The part that asked may be gone when the answer comes: none of them waits with `mutate`'s own callbacks.
  async function run(input: JsonObject) {
    const { toolchain, origin, saved } = editor.getState();
    const same = origin !== null && toolchain === saved && toolchain.id === origin.id;
    trial.setState({ input });
    try {
      const result = await whole.mutateAsync({
        toolchain_id: toolchain.id,
        ...(same ? { version: origin.version, pinned: validPins(toolchain) } : asDraft(toolchain)),
        thread_id: trial.getState().thread,
        input,
      });
      show(result, true);
    } catch {
      // The form tells it, at the field where there is one.
    }
  }

  /** A fork of the last run that does this node anew and all behind it, as they are now. */
  async function runFrom(node: string) {
    const { baseId } = trial.getState();
    if (baseId === null) return;
    try {
      const { toolchain } = editor.getState();
      const from = await checkpointBefore(baseId, node);
      show(await fork.mutateAsync({ checkpoint_id: from, ...asDraft(toolchain) }));
    } catch (fault) {
      toastFailure(fault);
    }
  }

  /** Does one node alone, on these inputs; one within a map or a loop in this round. */
  async function runAlone(node: string, { results, state, input, round }: NodeInputs) {
    const { toolchain } = editor.getState();
    try {
      const within = holdersOf(toolchain, node).length > 0;
      const { run_id: runId } = await alone.mutateAsync({
        toolchain: { ...toolchain },
        node,
        results,
        state,
        input,
        round: within ? round : null,
      });
      trial.setState({ runId, past: null });
    } catch (fault) {
      toastFailure(fault);
    }
  }

  return { run, runFrom, runAlone, whole, pending: whole.isPending || fork.isPending || alone.isPending };
}
