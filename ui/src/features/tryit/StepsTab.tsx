import { Text } from "@mantine/core";
import { useEffect } from "react";
import { useEditor } from "@/features/editor/store";
import { CheckpointPanel } from "@/features/runs/CheckpointPanel";
import { StepSlider } from "@/features/runs/StepSlider";
import { useTravel } from "@/features/runs/useTravel";
import type { RunTrace } from "@/lib/trace";
import type { RunDetail } from "@/models";
import { useTrial, useTrialStore } from "./trial";
import classes from "./Tryit.module.css";

/** The run step by step: the nodes show what it had done by then, its state can be changed and gone on with. */
export function StepsTab() {
  const watched = useTrial((state) => state.watched);
  if (!watched?.detail || !watched.trace) {
    return (
      <Text size="sm" c="dimmed">
        Run it first: then every step can be gone back to.
      </Text>
    );
  }
  return <Steps key={watched.detail.run_id} detail={watched.detail} trace={watched.trace} live={watched.live} />;
}

function Steps({ detail, trace, live }: { detail: RunDetail; trace: RunTrace; live: boolean }) {
  const trial = useTrialStore();
  const toolchain = useEditor((state) => state.toolchain);
  const sound = useEditor((state) => state.checked && state.faults.length === 0);
  const travel = useTravel(detail.run_id, trace, { enabled: true, live, step: null });
  const { trace: past, checkpoint } = travel;

  useEffect(() => {
    trial.setState({ past: checkpoint ? past : null });
  }, [trial, past, checkpoint]);
  useEffect(() => () => trial.setState({ past: null }), [trial]);

  // What has the same name goes on as it is written now; another toolchain's run goes on as it was.
  const draft = sound && toolchain.id === detail.toolchain_id && !detail.only_node ? toolchain : undefined;
  return (
    <div className={classes.steps}>
      <StepSlider travel={travel} trace={trace} toolchain={detail.toolchain} />
      <CheckpointPanel
        key={checkpoint?.checkpoint_id}
        detail={detail}
        trace={trace}
        travel={travel}
        draft={draft}
        onForked={(runId) => trial.setState({ runId, baseId: runId, past: null })}
      />
    </div>
  );
}
