import { Button, Progress, UnstyledButton } from "@mantine/core";
import { useRetryDocuments } from "@/api/documents";
import { IconRefresh } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { plural } from "@/lib/format";
import { type Standing, STATUS_FILTERS, type StatusFilter } from "@/lib/ingestion";
import { overallProgress, type Upload } from "@/lib/uploads";
import classes from "./IngestionBar.module.css";
import { retryUploads } from "./uploads";

interface IngestionBarProps {
  collectionId: string;
  /** null while it is not known. */
  standing: Standing | null;
  uploads: Upload[];
  filter: StatusFilter;
  onFilter: (filter: StatusFilter) => void;
}

const WORDS: Record<StatusFilter, string> = {
  all: "All",
  underway: "Under way",
  complete: "Complete",
  failed: "Failed",
  warnings: "With warnings",
};

/** How the ingestion of a collection goes as a whole: what is in which state, how far it is, what can be tried again. */
export function IngestionBar({ collectionId, standing, uploads, filter, onFilter }: IngestionBarProps) {
  const retry = useRetryDocuments(collectionId);
  const counts = standing?.counts ?? null;
  const unsent = uploads.filter(({ phase, size }) => phase === "failed" && size > 0).length;
  const failed = (counts?.failed ?? 0) + unsent;
  const sending = overallProgress(uploads);

  function retryAll() {
    retryUploads(collectionId);
    if (counts && counts.failed > 0) retry.mutate(null, { onError: toastFailure });
  }

  return (
    <div className={classes.bar}>
      <div className={classes.row}>
        <div className={classes.filters} role="group" aria-label="Show">
          {STATUS_FILTERS.filter((one) => one === "all" || one === filter || !counts || counts[one] > 0).map((one) => (
            <UnstyledButton
              key={one}
              className={classes.filter}
              aria-pressed={one === filter}
              onClick={() => onFilter(one)}
            >
              {WORDS[one]}
              {counts ? (
                <span className={`${classes.count ?? ""} tabular`}>{counts[one].toLocaleString("en")}</span>
              ) : null}
            </UnstyledButton>
          ))}
        </div>
        {failed > 0 ? (
          <Button
            size="compact-sm"
            fw={500}
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={retry.isPending}
            onClick={retryAll}
          >
            Retry all that failed
          </Button>
        ) : null}
      </div>
      {sending !== null ? (
        <Whole words={`Sending ${plural(uploads.length, "file")}`} share={sending} />
      ) : standing && standing.progress !== null ? (
        <Whole words={`${plural(standing.counts.underway, "document")} under way`} share={standing.progress} />
      ) : null}
    </div>
  );
}

function Whole({ words, share }: { words: string; share: number }) {
  return (
    <div className={classes.whole}>
      <span className="tabular">
        {words} · {Math.round(share * 100)} %
      </span>
      <Progress flex={1} miw={80} size={4} value={share * 100} aria-label={words} transitionDuration={300} />
    </div>
  );
}
