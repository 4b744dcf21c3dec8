import { IconAlert, IconCheck } from "@/components/icons";
import type { StepData } from "./drawing";
import classes from "./Graph.module.css";
import { IconHalt, IconPause, IconSkip } from "./icons";

/** How a node fared, as a sign. */
export function PhaseMark({ phase }: { phase: StepData["phase"] }) {
  switch (phase) {
    case "plain":
    case "pending":
      return null;
    case "running":
      return <span className={classes.spinner} aria-hidden />;
    case "completed":
      return <IconCheck size={15} strokeWidth={2.2} />;
    case "failed":
      return <IconAlert size={15} strokeWidth={2.2} />;
    case "waiting":
      return <IconPause size={15} strokeWidth={2.4} />;
    case "skipped":
      return <IconSkip size={15} strokeWidth={1.8} />;
    case "stopped":
      return <IconHalt size={15} strokeWidth={2.2} />;
  }
}
