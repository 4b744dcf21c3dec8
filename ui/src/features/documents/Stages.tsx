import { stepsOf, type Work } from "@/lib/ingestion";
import classes from "./Stages.module.css";

/** The stages of an ingestion as parts of one bar; the one that is being done breathes. */
export function Stages({ name, work }: { name: string; work: Work }) {
  const percent = Math.round(work.progress * 100);
  return (
    <div
      className={classes.stages}
      role="progressbar"
      aria-label={`Progress of ${name}`}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      {stepsOf(work).map((step) => (
        <span key={step.name} className={classes.stage} data-state={step.state}>
          <span className={classes.part} />
          <span className={classes.word}>{step.name}</span>
        </span>
      ))}
    </div>
  );
}
