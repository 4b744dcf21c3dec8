import { Button } from "@mantine/core";
import { IconPlay, IconStop } from "@/components/icons";
import { useCancelRun } from "@/api/runs";
import { toastFailure } from "@/components/toast";
import { useEditor } from "@/features/editor/store";
import { useTrial } from "./trial";

/** Opens the run's input, and while a run is under way ends it. */
export function RunButton() {
  const show = useEditor((state) => state.show);
  const runId = useTrial((state) => (state.watched?.live ? state.runId : null));
  const cancel = useCancelRun();
  return runId === null ? (
    <Button size="sm" variant="light" leftSection={<IconPlay size={15} />} onClick={() => show({ drawer: "run" })}>
      Run
    </Button>
  ) : (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconStop size={13} />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate(runId, { onError: toastFailure })}
    >
      Stop
    </Button>
  );
}
