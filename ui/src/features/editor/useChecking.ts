import { useDebouncedValue } from "@mantine/hooks";
import { useEffect } from "react";
import { useToolchainFaults } from "@/api/toolchains";
import { useEditor, useEditorStore } from "./store";

const PAUSE_MS = 300;

/** Has the server look at the draft whenever it has rested for a moment, and keeps what it finds. */
export function useChecking(): void {
  const store = useEditorStore();
  const toolchain = useEditor((state) => state.toolchain);
  const [settled] = useDebouncedValue(toolchain, PAUSE_MS);
  const check = useToolchainFaults(settled as unknown as Record<string, unknown>);
  const { data, isPlaceholderData } = check;
  useEffect(() => {
    // Also when the draft is again what was looked at last: one that was undone at once.
    if (data && !isPlaceholderData && toolchain === settled) store.getState().setFaults(settled, data);
  }, [store, toolchain, settled, data, isPlaceholderData]);
}
