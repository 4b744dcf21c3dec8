import { useEffect } from "react";
import { useRunTrace } from "@/api/runTrace";
import { useEditorStore } from "@/features/editor/store";
import type { NodeRun } from "@/lib/editor/nodeRun";
import { nodeRunsOf } from "@/lib/tryit/nodeRuns";
import { useTrial, useTrialStore } from "./trial";

const NONE: ReadonlyMap<string, NodeRun> = new Map();

/** Follows the run that is shown and lights up the nodes of the canvas. Nothing is drawn here. */
export function Follower() {
  const editor = useEditorStore();
  const trial = useTrialStore();
  const runId = useTrial((state) => state.runId);
  const past = useTrial((state) => state.past);
  const { detail, trace, live, fault, retry } = useRunTrace(runId);

  useEffect(() => {
    const watched = runId === null ? null : { detail, trace, live, fault, retry };
    trial.setState(detail && !detail.only_node ? { watched, base: watched } : { watched });
    // `retry` is another function each time and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [trial, runId, detail, trace, live, fault]);

  useEffect(() => {
    const { toolchain, nodeRuns, setNodeRuns } = editor.getState();
    const shown = past ?? trace;
    if (runId === null || !shown) {
      if (nodeRuns.size > 0 && runId === null) setNodeRuns(NONE);
      return;
    }
    const pinned = new Set(Object.keys(detail?.pinned ?? {}));
    const runs = nodeRunsOf(shown, detail?.toolchain ?? toolchain, pinned, nodeRuns);
    // What a node alone gives stands beside what the others gave before.
    const together = detail?.only_node ? new Map([...nodeRuns, ...runs]) : runs;
    if (together !== nodeRuns) setNodeRuns(together);
  }, [editor, runId, past, trace, detail]);

  return null;
}
