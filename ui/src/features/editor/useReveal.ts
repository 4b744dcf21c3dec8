import { useReactFlow } from "@xyflow/react";
import { useCallback } from "react";
import { useEditorStore } from "./store";

/** Selects a box and brings it into view, its field in the inspector too where one is named. */
export function useReveal() {
  const store = useEditorStore();
  const flow = useReactFlow();
  return useCallback(
    (id: string, field: string | null = null) => {
      store.getState().select([id]);
      if (field !== null) store.getState().show({ nodeTab: "form", reveal: field });
      void flow.fitView({ nodes: [{ id }], duration: 200, maxZoom: 1, minZoom: 0.7, padding: 0.4 });
    },
    [store, flow],
  );
}
