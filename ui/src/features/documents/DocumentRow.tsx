import { Table, UnstyledButton } from "@mantine/core";
import { memo } from "react";
import { useRetryDocuments } from "@/api/documents";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { toastFailure } from "@/components/toast";
import { formatAgo, formatBytes, plural } from "@/lib/format";
import { isReadable, searchableInWords, type Work, workInWords, workOf } from "@/lib/ingestion";
import type { Document } from "@/models";
import { DocumentDetails } from "./DocumentDetails";
import { DocumentMenu } from "./DocumentMenu";
import classes from "./DocumentTable.module.css";
import { FileCell } from "./FileCell";
import { Stages } from "./Stages";

/** What can be asked of any row. */
export interface DocumentActions {
  onPreview: (document: Document) => void;
  onDelete: (document: Document) => void;
  onDetails: (document: Document) => void;
  /** Asks for a file that becomes its newer content. */
  onReplace: (document: Document) => void;
}

interface DocumentRowProps {
  document: Document;
  previewed: boolean;
  /** All that is known of it is shown under it. */
  detailed: boolean;
  actions: DocumentActions;
}

const TONES: Record<Work["status"], Tone> = { pending: "idle", indexing: "busy", failed: "bad" };

export const DocumentRow = memo(function DocumentRow({ document, previewed, detailed, actions }: DocumentRowProps) {
  const { name, page_count, chunk_count, size, created_at, warnings = [], version = 1 } = document;
  const readable = isReadable(document);
  const work = workOf(document);
  return (
    <>
      <Table.Tr className={classes.row} data-previewed={previewed || undefined}>
        <Table.Td>
          <FileCell
            name={name}
            note={version > 1 ? `version ${version}` : null}
            onOpen={readable ? () => actions.onPreview(document) : undefined}
          >
            {work && work.status !== "failed" ? <Stages name={name} work={work} /> : null}
            {work?.status === "failed" ? (
              <Failed document={document} work={work} onDelete={() => actions.onDelete(document)} />
            ) : null}
            {warnings.length > 0 ? (
              <UnstyledButton
                className={classes.warning}
                aria-expanded={detailed}
                onClick={() => actions.onDetails(document)}
              >
                {plural(warnings.length, "warning")}
              </UnstyledButton>
            ) : null}
          </FileCell>
        </Table.Td>
        <Table.Td className={classes.status}>
          <StatusDot tone={work ? (work.awaitsMeaning ? "idle" : TONES[work.status]) : "good"}>
            {work ? workInWords(work) : "Complete"}
          </StatusDot>
          {work && (readable || work.status !== "failed") ? (
            <span className={classes.searchable}>
              {work.updating ? "Old version searched" : searchableInWords(document)}
            </span>
          ) : null}
        </Table.Td>
        <Table.Td className={`${classes.number ?? ""} tabular`}>{readable ? page_count : ""}</Table.Td>
        <Table.Td className={`${classes.number ?? ""} tabular`}>{readable ? chunk_count : ""}</Table.Td>
        <Table.Td className={`${classes.number ?? ""} tabular`}>{formatBytes(size)}</Table.Td>
        <Table.Td className={classes.number}>{formatAgo(created_at)}</Table.Td>
        <Table.Td className={classes.actions}>
          <DocumentMenu document={document} detailed={detailed} actions={actions} />
        </Table.Td>
      </Table.Tr>
      {detailed ? (
        <Table.Tr>
          <Table.Td colSpan={7} className={classes.detail}>
            <DocumentDetails document={document} />
          </Table.Td>
        </Table.Tr>
      ) : null}
    </>
  );
});

/** Why it failed, and what can be done about it. */
function Failed({ document, work, onDelete }: { document: Document; work: Work; onDelete: () => void }) {
  const retry = useRetryDocuments(document.collection_id);
  return (
    <div className={classes.below}>
      <span className={classes.error}>
        {work.updating ? "The new version: " : ""}
        {work.error}
      </span>
      <div className={classes.again}>
        <UnstyledButton
          className={classes.small}
          disabled={retry.isPending}
          onClick={() => retry.mutate(document.id, { onError: toastFailure })}
        >
          Retry
        </UnstyledButton>
        <UnstyledButton className={classes.small} onClick={onDelete}>
          Delete
        </UnstyledButton>
      </div>
    </div>
  );
}
