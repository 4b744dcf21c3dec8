import { Button, Progress, Text } from "@mantine/core";
import { isUnderWay, useCancelPull, usePulls } from "@/api/pulls";
import { Failure } from "@/components/Failure";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { toastFailure } from "@/components/toast";
import { formatBytes, plural } from "@/lib/format";
import type { ModelEntry, Pull, PullState } from "@/models";
import classes from "./Models.module.css";

const STATES: Record<PullState, [tone: Tone, word: string]> = {
  queued: ["idle", "Queued"],
  running: ["busy", "Pulling"],
  done: ["good", "Done"],
  failed: ["bad", "Failed"],
  cancelled: ["idle", "Cancelled"],
};

interface PullListProps {
  /** Somebody wants one that has come among the models. */
  onAdd: (known: Partial<ModelEntry>) => void;
}

/** Models on their way from the hub, and those that came since the runner started; nothing where there are none. */
export function PullList({ onAdd }: PullListProps) {
  const pulls = usePulls();
  if (pulls.error) return <Failure fault={pulls.error} onRetry={() => void pulls.refetch()} />;
  if (!pulls.data?.length) return null;
  return (
    <section className={classes.section} aria-labelledby="pulls">
      <h2 id="pulls" className={classes.heading}>
        Pulled from the hub
      </h2>
      <ul className={classes.pulls}>
        {pulls.data.map((pull) => (
          <li key={pull.id} className={classes.pull}>
            <PullRow pull={pull} onAdd={onAdd} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PullRow({ pull, onAdd }: PullListProps & { pull: Pull }) {
  const cancel = useCancelPull();
  const { source, revision, state, bytes_done, bytes_total, files_done, files_total, file, error, folder } = pull;
  const [tone, word] = STATES[state];
  return (
    <>
      <div className={classes.top}>
        <h3 className={classes.name}>{source}</h3>
        <StatusDot tone={tone}>{word}</StatusDot>
        {isUnderWay(pull) ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={cancel.isPending}
            aria-label={`Cancel ${source}`}
            onClick={() => cancel.mutate(pull.id, { onError: toastFailure })}
          >
            Cancel
          </Button>
        ) : null}
        {state === "done" ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Add ${source}`}
            onClick={() => onAdd({ id: source, source: folder })}
          >
            Add it
          </Button>
        ) : null}
      </div>
      {isUnderWay(pull) ? (
        <Progress
          value={bytes_total > 0 ? Math.round((bytes_done / bytes_total) * 100) : 0}
          size="sm"
          aria-label={`Pulling ${source}`}
        />
      ) : null}
      <Text size="xs" c="dimmed" className={classes.where}>
        {`${formatBytes(bytes_done)} of ${formatBytes(bytes_total)} · ${files_done} of ${plural(files_total, "file")}`}
        {file && isUnderWay(pull) ? ` · ${file}` : ""} · {revision.slice(0, 12)}
        {state === "done" ? ` · in ${folder}` : ""}
      </Text>
      {error ? <Failure fault={new Error(error)} /> : null}
    </>
  );
}
