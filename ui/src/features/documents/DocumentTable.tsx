import { Table, VisuallyHidden } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useDeleteDocument } from "@/api/documents";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { toast } from "@/components/toast";
import { plural } from "@/lib/format";
import { foremost, type Upload } from "@/lib/uploads";
import type { Document } from "@/models";
import { type DocumentActions, DocumentRow } from "./DocumentRow";
import classes from "./DocumentTable.module.css";
import { FilePicker, type FilePickerHandle } from "./FilePicker";
import { addFiles } from "./uploads";
import { UploadRow } from "./UploadRow";

interface DocumentTableProps {
  collectionId: string;
  documents: Document[];
  /** Files that are not documents yet. */
  uploads: Upload[];
  previewed: string | null;
  onPreview: (document: Document | null) => void;
}

/** Rows for files that are still to be sent; of thousands the first are enough. */
const UPLOADS_SHOWN = 12;

export function DocumentTable({ collectionId, documents, uploads, previewed, onPreview }: DocumentTableProps) {
  const [doomed, setDoomed] = useState<Document | null>(null);
  const [detailed, setDetailed] = useState<string | null>(null);
  const [replaced, setReplaced] = useState<Document | null>(null);
  const picker = useRef<FilePickerHandle>(null);
  const remove = useDeleteDocument(collectionId);
  const { shown, hidden } = foremost(uploads, UPLOADS_SHOWN);
  // The same object each time, so that a row is drawn anew only when its document has changed.
  const actions = useMemo<DocumentActions>(
    () => ({
      onPreview,
      onDelete: setDoomed,
      onDetails: ({ id }) => setDetailed((now) => (now === id ? null : id)),
      onReplace: (document) => {
        setReplaced(document);
        picker.current?.open();
      },
    }),
    [onPreview],
  );

  function close() {
    setDoomed(null);
    remove.reset();
  }

  function confirmDelete() {
    if (!doomed) return;
    remove.mutate(doomed.id, {
      onSuccess: () => {
        if (previewed === doomed.id) onPreview(null);
        toast("done", `“${doomed.name}” is deleted.`);
        close();
      },
    });
  }

  return (
    <>
      <Table className={classes.table} verticalSpacing={0} horizontalSpacing={12} aria-label="Documents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th className={classes.status}>Status</Table.Th>
            <Table.Th className={classes.number}>Pages</Table.Th>
            <Table.Th className={classes.number}>Passages</Table.Th>
            <Table.Th className={classes.number}>Size</Table.Th>
            <Table.Th className={classes.number}>Added</Table.Th>
            <Table.Th className={classes.actions}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((upload) => (
            <UploadRow key={`upload ${upload.id}`} upload={upload} />
          ))}
          {hidden > 0 ? (
            <Table.Tr>
              <Table.Td colSpan={7} className={classes.rest}>
                and {plural(hidden, "more file", "more files")} on the way
              </Table.Td>
            </Table.Tr>
          ) : null}
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              previewed={document.id === previewed}
              detailed={document.id === detailed}
              actions={actions}
            />
          ))}
        </Table.Tbody>
      </Table>
      <FilePicker
        ref={picker}
        label={replaced ? `Choose a new version of ${replaced.name}` : "Choose a new version"}
        takes="file"
        onFiles={(files) => replaced && addFiles(collectionId, files, replaced.id)}
      />
      <ConfirmDialog
        opened={doomed !== null}
        title="Delete this document?"
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={confirmDelete}
        onClose={close}
      >
        “{doomed?.name}” and what was read from it will be gone. This can not be undone.
      </ConfirmDialog>
    </>
  );
}
