import { useEffect } from "react";
import { useEditorStore } from "./store";

/** The browser asks before a tab with unsaved changes is closed. */
export function useLeaving(): void {
  const store = useEditorStore();
  useEffect(() => {
    function ask(event: BeforeUnloadEvent) {
      const { toolchain, saved } = store.getState();
      if (toolchain !== saved) event.preventDefault();
    }
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [store]);
}
