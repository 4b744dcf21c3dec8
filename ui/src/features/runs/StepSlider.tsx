import { ActionIcon, Loader } from "@mantine/core";
import { Failure } from "@/components/Failure";
import { IconChevronLeft, IconChevronRight } from "@/components/icons";
import { formatDuration } from "@/lib/format";
import { stepInWords } from "@/lib/stepWords";
import type { RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";
import classes from "./StepSlider.module.css";
import type { Travel } from "./useTravel";

interface StepSliderProps {
  travel: Travel;
  /** The whole run's. */
  trace: RunTrace;
  toolchain: Toolchain;
}

// More marks than this would be a grey band.
const MOST_MARKS = 80;

/** The steps of a run on a slider: arrow keys go step by step, Home and End to the ends. */
export function StepSlider({ travel, trace, toolchain }: StepSliderProps) {
  const { checkpoints, checkpoint, index, more, go } = travel;
  if (travel.error) return <Failure fault={travel.error} onRetry={travel.retry} />;
  if (!checkpoint) return travel.loading ? <Loader size="sm" m="md" aria-label="Loading the steps" /> : null;
  const last = checkpoints.length - 1;
  const words = stepInWords(checkpoint, trace, toolchain);
  return (
    <div className={classes.box} role="group" aria-label="Steps of the run">
      <div className={classes.line}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Previous step"
          disabled={index === 0}
          onClick={() => go(index - 1)}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
        <div className={classes.track}>
          <input
            type="range"
            className={classes.slider}
            aria-label="Step"
            aria-valuetext={`Step ${checkpoint.step} of ${last}${more ? " and more" : ""}: ${words}`}
            min={0}
            max={last}
            step={1}
            value={index}
            disabled={last === 0}
            onChange={(event) => go(event.currentTarget.valueAsNumber)}
          />
          {last > 0 && last <= MOST_MARKS ? (
            <div className={classes.marks} aria-hidden>
              {checkpoints.map(({ checkpoint_id, kind }, at) => (
                <span
                  key={checkpoint_id}
                  data-kind={kind}
                  data-past={at <= index || undefined}
                  style={{ left: `${(at / last) * 100}%` }}
                />
              ))}
            </div>
          ) : null}
        </div>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label="Next step"
          disabled={index === last}
          onClick={() => go(index + 1)}
        >
          <IconChevronRight size={18} />
        </ActionIcon>
      </div>
      <p className={classes.words}>
        <strong className="tabular">
          {checkpoint.step} of {last}
          {more ? "+" : ""}
        </strong>{" "}
        {words}
        {checkpoint.duration_ms ? (
          <span className={`${classes.took ?? ""} tabular`}>{formatDuration(checkpoint.duration_ms)}</span>
        ) : null}
      </p>
    </div>
  );
}
