import { useSearchParams } from "react-router";
import { useRun } from "@/api/runs";
import { useEditor } from "@/features/editor/store";
import { TEST_OF_RUN } from "@/lib/cases/results";
import { TestCases } from "./TestCases";

/** The test cases of the toolchain that is edited, run as it stands. */
export function TestsTab() {
  const toolchain = useEditor((state) => state.toolchain);
  const saved = useEditor((state) => state.saved);
  const origin = useEditor((state) => state.origin);
  const faults = useEditor((state) => state.faults);
  const edit = useEditor((state) => state.edit);
  const [params, setParams] = useSearchParams();
  const run = useRun(params.get(TEST_OF_RUN)).data;
  return (
    <TestCases
      toolchain={toolchain}
      version={toolchain === saved && origin?.id === toolchain.id ? origin.version : null}
      faults={faults}
      given={run ? { input: run.input, onTaken: () => setParams({}, { replace: true }) } : null}
      onChange={(tests, label) => edit({ label, change: (now) => ({ ...now, tests }) })}
    />
  );
}
