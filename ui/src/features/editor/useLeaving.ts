import { useEffect } from "react";
import { draftingOf } from "@/features/versions/drafting";
import { useEditorStore } from "./store";

/** The browser asks before a tab is closed whose changes are kept nowhere. */
export function useLeaving(): void {
  const store = useEditorStore();
  useEffect(() => {
    function ask(event: BeforeUnloadEvent) {
      const { toolchain, saved } = store.getState();
      if (toolchain !== saved && draftingOf(store).getState().keeping === "nowhere") event.preventDefault();
    }
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [store]);
}
