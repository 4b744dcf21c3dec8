import { Anchor, Progress } from "@mantine/core";
import { Link } from "react-router";
import type { Reindexing } from "@/models";
import classes from "./ReindexingBar.module.css";

/** How far a change of a whole collection is. */
export function ReindexingBar({ reindexing }: { reindexing: Reindexing }) {
  const { run_id, progress, embedder } = reindexing;
  const percent = Math.round(progress * 100);
  return (
    <div className={classes.bar} role="status">
      <div className={classes.words}>
        <span>
          {embedder ? `Changing to ${embedder}` : "Cutting and embedding anew"} ·{" "}
          <span className="tabular">{percent} %</span>
        </span>
        <Anchor component={Link} to={`/runs/${run_id}`} size="sm">
          See the run
        </Anchor>
      </div>
      <Progress size={4} value={percent} aria-label="Progress of the change" transitionDuration={300} />
      <p className={classes.note}>Until it is done, searches use what was there before.</p>
    </div>
  );
}
