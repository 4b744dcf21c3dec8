import { ActionIcon, Button, Center, Group, Loader, Menu, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { COLLECTIONS } from "@/api/collections";
import { isIndexing, useDocuments } from "@/api/documents";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconMore, IconPencil, IconTrash, IconUpload } from "@/components/icons";
import { plural } from "@/lib/format";
import { pendingUploads } from "@/lib/uploads";
import type { Collection, Document } from "@/models";
import { CollectionDialogs } from "./CollectionDialogs";
import classes from "./CollectionView.module.css";
import { DocumentTable } from "./DocumentTable";
import { FilePicker } from "./FilePicker";
import { useUploads } from "./uploads";

interface CollectionViewProps {
  collection: Collection;
  /** The id of the document that is open beside. */
  previewed: string | null;
  onFiles: (files: File[]) => void;
  onPreview: (document: Document | null) => void;
}

export function CollectionView({ collection, previewed, onFiles, onPreview }: CollectionViewProps) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDocuments(
    collection.id,
  );
  const documents = data ?? [];
  const allUploads = useUploads((state) => state.uploads);
  const uploads = pendingUploads(allUploads, collection.id, new Set(documents.map((document) => document.id)));
  useCountsAfterIndexing(documents.filter(isIndexing).length);

  return (
    <section className={classes.view} aria-labelledby="collection-name">
      <header className={classes.head}>
        <div className={classes.words}>
          <Title order={1} size="h2" id="collection-name" className={classes.name}>
            {collection.name}
          </Title>
          <Text c="dimmed" size="sm" mt={4}>
            {plural(collection.document_count, "document")} · {plural(collection.chunk_count, "passage")}
          </Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          <FilePicker onFiles={onFiles} />
          <Menu>
            <Menu.Target>
              <ActionIcon variant="default" size={36} aria-label="Collection actions">
                <IconMore size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog("rename")}>
                Rename
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDialog("delete")}>
                Delete collection
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </header>
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {isPending ? (
        <Center py={64}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      ) : null}
      {data?.length === 0 && uploads.length === 0 ? (
        <EmptyState icon={<IconUpload size={26} />} title="No documents yet">
          Drop files or folders anywhere on this page: PDF, Word, HTML, Markdown or plain text.
        </EmptyState>
      ) : null}
      {documents.length > 0 || uploads.length > 0 ? (
        <DocumentTable
          collectionId={collection.id}
          documents={documents}
          uploads={uploads}
          previewed={previewed}
          onPreview={onPreview}
        />
      ) : null}
      {hasNextPage ? (
        <Button variant="default" mt="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      ) : null}
      <CollectionDialogs collection={collection} dialog={dialog} onClose={() => setDialog(null)} />
    </section>
  );
}

/** The collection's counts change when a document has been read. */
function useCountsAfterIndexing(indexing: number): void {
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: COLLECTIONS });
  }, [client, indexing]);
}
