import { ActionIcon, Menu, Table, UnstyledButton } from "@mantine/core";
import { downloadDocument } from "@/api/client";
import { isIndexing, useDeleteDocument } from "@/api/documents";
import { IconDownload, IconEye, IconMore, IconTrash } from "@/components/icons";
import { StatusDot, type Tone } from "@/components/StatusDot";
import { toastFailure } from "@/components/toast";
import { saveBlob } from "@/lib/blobs";
import { formatAgo, formatBytes } from "@/lib/format";
import type { Document } from "@/models";
import classes from "./DocumentTable.module.css";
import { FileCell } from "./FileCell";
import { retryUpload, uploadOf } from "./uploads";

interface DocumentRowProps {
  document: Document;
  previewed: boolean;
  onPreview: () => void;
  onDelete: () => void;
}

const TONES: Record<Document["status"], Tone> = { pending: "idle", indexing: "busy", complete: "good", failed: "bad" };

export function DocumentRow({ document, previewed, onPreview, onDelete }: DocumentRowProps) {
  const { id, name, status, page_count, chunk_count, size, created_at } = document;
  const complete = status === "complete";
  return (
    <Table.Tr className={classes.row} data-previewed={previewed || undefined}>
      <Table.Td>
        <FileCell
          name={name}
          onOpen={complete ? onPreview : undefined}
          progress={isIndexing(document) ? document.progress : null}
          error={status === "failed" ? (document.error ?? "It could not be read.") : null}
        >
          <Remedies document={document} onDelete={onDelete} />
        </FileCell>
      </Table.Td>
      <Table.Td className={classes.status}>
        <StatusDot tone={TONES[status]}>{statusInWords(document)}</StatusDot>
      </Table.Td>
      <Table.Td className={`${classes.number ?? ""} tabular`}>{complete ? page_count : ""}</Table.Td>
      <Table.Td className={`${classes.number ?? ""} tabular`}>{complete ? chunk_count : ""}</Table.Td>
      <Table.Td className={`${classes.number ?? ""} tabular`}>{formatBytes(size)}</Table.Td>
      <Table.Td className={classes.number}>{formatAgo(created_at)}</Table.Td>
      <Table.Td className={classes.actions}>
        <Menu>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
              <IconMore size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {complete ? (
              <Menu.Item leftSection={<IconEye size={16} />} onClick={onPreview}>
                Preview
              </Menu.Item>
            ) : null}
            <Menu.Item
              leftSection={<IconDownload size={16} />}
              onClick={() => void downloadDocument(id).then((blob) => saveBlob(blob, name), toastFailure)}
            >
              Download
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

/** What can be done about a document that could not be read. */
function Remedies({ document, onDelete }: { document: Document; onDelete: () => void }) {
  const remove = useDeleteDocument(document.collection_id);
  const upload = uploadOf(document.id);
  return (
    <>
      {upload ? (
        <UnstyledButton
          className={classes.small}
          disabled={remove.isPending}
          onClick={() => remove.mutate(document.id, { onSuccess: () => retryUpload(upload.id), onError: toastFailure })}
        >
          Retry
        </UnstyledButton>
      ) : null}
      <UnstyledButton className={classes.small} onClick={onDelete}>
        Delete
      </UnstyledButton>
    </>
  );
}

function statusInWords({ status, stage, progress }: Document): string {
  switch (status) {
    case "pending":
      return "Waiting";
    case "indexing": {
      const doing = stage ? stage.charAt(0).toUpperCase() + stage.slice(1) : "Reading";
      return `${doing} ${Math.round(progress * 100)} %`;
    }
    case "complete":
      return "Complete";
    case "failed":
      return "Failed";
  }
}
