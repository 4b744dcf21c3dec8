import { ActionIcon, Button, Center, Group, Loader, Menu, Text, Title, Tooltip } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";
import { COLLECTIONS } from "@/api/collections";
import { useDocumentCounts, useDocuments, useDocumentsIn } from "@/api/documents";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconMore, IconPencil, IconSearch, IconSettings, IconTrash, IconUpload } from "@/components/icons";
import type { Picked } from "@/lib/dropped";
import { plural } from "@/lib/format";
import { standingFrom, standingOf, type StatusFilter, withStatus } from "@/lib/ingestion";
import { EMPTY_SEARCH, writeSearch } from "@/lib/searchForm";
import { pendingUploads } from "@/lib/uploads";
import type { Collection, Document } from "@/models";
import { AddMenu } from "./AddMenu";
import { CollectionDialogs } from "./CollectionDialogs";
import classes from "./CollectionView.module.css";
import { DocumentTable } from "./DocumentTable";
import { IngestionBar } from "./IngestionBar";
import { ReindexingBar } from "./ReindexingBar";
import { useUploads } from "./uploads";

interface CollectionViewProps {
  collection: Collection;
  /** The id of the document that is open beside. */
  previewed: string | null;
  onFiles: (files: Picked[]) => void;
  onPreview: (document: Document | null) => void;
}

/** Rows that are shown at first, and so many more each time they are asked for. */
const ROWS = 100;

/** A collection's documents and how their ingestion goes. */
export function CollectionView({ collection, previewed, onFiles, onPreview }: CollectionViewProps) {
  const [{ filter, rows }, setShown] = useState<{ filter: StatusFilter; rows: number }>({ filter: "all", rows: ROWS });
  const all = useDocuments(collection.id);
  const documents = all.data ?? [];
  const allUploads = useUploads((state) => state.uploads);
  const uploads = pendingUploads(allUploads, collection.id, new Set(documents.map((document) => document.id)));
  // A list that is here as a whole counts and filters itself, so that what is said of it never disagrees.
  const isLong = all.hasNextPage;
  const counted = useDocumentCounts(collection.id, isLong).data;
  const standing = isLong ? (counted ? standingFrom(counted) : null) : standingOf(documents);
  const state = isLong && filter !== "all" ? filter : null;
  const some = useDocumentsIn(collection.id, state, (standing?.counts.underway ?? 0) > 0);
  const list = state ? some : all;
  const { data, error, isPending, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = list;
  const fitting = withStatus(data ?? [], filter);
  const shown = fitting.slice(0, rows);
  useCountsAfterIndexing(standing?.counts.underway ?? 0);

  function showMore() {
    setShown({ filter, rows: rows + ROWS });
    if (hasNextPage && fitting.length < rows + ROWS) void fetchNextPage();
  }

  const empty = documents.length === 0 && uploads.length === 0;
  return (
    <section className={classes.view} aria-labelledby="collection-name">
      <Header collection={collection} onFiles={onFiles} />
      {collection.reindexing ? <ReindexingBar reindexing={collection.reindexing} /> : null}
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {isPending ? (
        <Center py={64}>
          <Loader size="sm" aria-label="Loading" />
        </Center>
      ) : null}
      {data && empty ? (
        <EmptyState icon={<IconUpload size={26} />} title="No documents yet">
          Drop files or folders anywhere on this page: PDF, Word, Excel, pictures, HTML, e-mail, archives or plain text.
        </EmptyState>
      ) : null}
      {empty ? null : (
        <>
          <IngestionBar
            collectionId={collection.id}
            standing={standing}
            uploads={uploads}
            filter={filter}
            onFilter={(next) => setShown({ filter: next, rows: ROWS })}
          />
          <DocumentTable
            collectionId={collection.id}
            documents={shown}
            uploads={filter === "all" || filter === "underway" ? uploads : []}
            previewed={previewed}
            onPreview={onPreview}
          />
        </>
      )}
      {data && !isPlaceholderData && !empty && shown.length === 0 && uploads.length === 0 ? (
        <Text size="sm" c="dimmed" ta="center" py="xl">
          No document is in this state.
        </Text>
      ) : null}
      {hasNextPage || fitting.length > rows ? (
        <Button variant="default" mt="md" loading={isFetchingNextPage} onClick={showMore}>
          Show more
        </Button>
      ) : null}
    </section>
  );
}

interface HeaderProps {
  collection: Collection;
  onFiles: (files: Picked[]) => void;
}

function Header({ collection, onFiles }: HeaderProps) {
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const { id, name, description } = collection;
  const search = `/search?${writeSearch({ ...EMPTY_SEARCH, collections: [id] }).toString()}`;
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <Title order={1} size="h2" id="collection-name" className={classes.name}>
          <bdi>{name}</bdi>
        </Title>
        {description ? (
          <Text size="sm" mt={4} lineClamp={2} dir="auto">
            {description}
          </Text>
        ) : null}
        <Text c="dimmed" size="sm" mt={4}>
          {plural(collection.document_count, "document")} · {plural(collection.chunk_count, "passage")}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <AddMenu collectionId={id} onFiles={onFiles} />
        <Tooltip label="Settings">
          <ActionIcon
            component={Link}
            to={`/documents/${id}/settings`}
            variant="default"
            size={36}
            aria-label="Collection settings"
          >
            <IconSettings size={18} />
          </ActionIcon>
        </Tooltip>
        <Menu>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="Collection actions">
              <IconMore size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconSearch size={16} />} onClick={() => void navigate(search)}>
              Search in it
            </Menu.Item>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog("rename")}>
              Rename
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDialog("delete")}>
              Delete collection
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <CollectionDialogs collection={collection} dialog={dialog} onClose={() => setDialog(null)} />
    </header>
  );
}

/** The collection's counts change when a document has been read. */
function useCountsAfterIndexing(indexing: number): void {
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: COLLECTIONS });
  }, [client, indexing]);
}
