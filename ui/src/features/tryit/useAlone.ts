import { useState } from "react";
import { toastFailure } from "@/components/toast";
import { useEditorStore } from "@/features/editor/store";
import { needsOf } from "@/lib/tryit/needs";
import type { Node } from "@/models";
import { lastInputs, type NodeInputs } from "./lastInputs";
import { useTrialStore } from "./trial";
import { useTryOut } from "./useTryOut";

/** Does a node alone: on what the last run gave to it, or, where that is not known, on what somebody fills in. */
export function useAlone(node: Node) {
  const editor = useEditorStore();
  const trial = useTrialStore();
  const { runAlone } = useTryOut();
  const [asking, setAsking] = useState<NodeInputs | null>(null);

  async function known(): Promise<NodeInputs | null> {
    try {
      return await lastInputs(trial.getState().baseId, node, editor.getState().toolchain);
    } catch (fault) {
      toastFailure(fault);
      return null;
    }
  }

  async function doAlone() {
    const inputs = await known();
    if (!inputs) return;
    const needs = needsOf(node, editor.getState().toolchain);
    const lacks = needs.nodes.some((id) => !Object.hasOwn(inputs.results, id));
    const unknown =
      (trial.getState().baseId === null && (needs.input || needs.state.length > 0)) ||
      (inputs.round === null && needs.round.length > 0);
    if (lacks || unknown) setAsking(inputs);
    else await runAlone(node.id, inputs);
  }

  async function ask() {
    setAsking(await known());
  }

  return { doAlone, ask, asking, close: () => setAsking(null) };
}
