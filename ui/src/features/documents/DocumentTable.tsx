import { Table, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useDeleteDocument } from "@/api/documents";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { toast } from "@/components/toast";
import type { Upload } from "@/lib/uploads";
import type { Document } from "@/models";
import { DocumentRow } from "./DocumentRow";
import classes from "./DocumentTable.module.css";
import { UploadRow } from "./UploadRow";

interface DocumentTableProps {
  collectionId: string;
  documents: Document[];
  /** Files that are not documents yet. */
  uploads: Upload[];
  previewed: string | null;
  onPreview: (document: Document | null) => void;
}

export function DocumentTable({ collectionId, documents, uploads, previewed, onPreview }: DocumentTableProps) {
  const [doomed, setDoomed] = useState<Document | null>(null);
  const remove = useDeleteDocument(collectionId);

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
          {uploads.map((upload) => (
            <UploadRow key={`upload ${upload.id}`} upload={upload} />
          ))}
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              previewed={document.id === previewed}
              onPreview={() => onPreview(document)}
              onDelete={() => setDoomed(document)}
            />
          ))}
        </Table.Tbody>
      </Table>
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
