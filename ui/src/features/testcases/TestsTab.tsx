import { useEditor } from "@/features/editor/store";
import { TestCases } from "./TestCases";

/** The test cases of the toolchain that is edited, run as it stands. */
export function TestsTab() {
  const toolchain = useEditor((state) => state.toolchain);
  const saved = useEditor((state) => state.saved);
  const origin = useEditor((state) => state.origin);
  const faults = useEditor((state) => state.faults);
  const edit = useEditor((state) => state.edit);
  return (
    <TestCases
      toolchain={toolchain}
      version={toolchain === saved && origin?.id === toolchain.id ? origin.version : null}
      faults={faults}
      onChange={(tests, label) => edit({ label, change: (now) => ({ ...now, tests }) })}
    />
  );
}
