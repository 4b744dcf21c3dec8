import { Center, Loader } from "@mantine/core";
import { useCallback } from "react";
import { Navigate, useNavigate, useParams } from "react-router";
import { useCollections, useCreateCollection } from "@/api/collections";
import { Failure } from "@/components/Failure";
import { SidePanel } from "@/components/SidePanel";
import { toastFailure } from "@/components/toast";
import { useOpened } from "@/components/useOpened";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import type { Picked } from "@/lib/dropped";
import type { Document } from "@/models";
import { CollectionList } from "./CollectionList";
import { CollectionSettings } from "./CollectionSettings";
import { CollectionView } from "./CollectionView";
import classes from "./DocumentsPage.module.css";
import { DropZone } from "./DropZone";
import { FirstSteps } from "./FirstSteps";
import { MissingCollection } from "./MissingCollection";
import { addFiles } from "./uploads";

/** Where files go when there is no collection yet. */
const FIRST_COLLECTION = "My documents";

export default function DocumentsPage() {
  const { collectionId, view } = useParams();
  const navigate = useNavigate();
  const { data: collections, error, isFetching, isFetchedAfterMount, refetch } = useCollections();
  const create = useCreateCollection();
  const [opened, open] = useOpened();
  const preview = useCallback((document: Document | null) => open(document?.id ?? null), [open]);

  if (error) {
    return (
      <div className={classes.notice}>
        <Failure fault={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  const current = collections?.find((collection) => collection.id === collectionId) ?? null;
  // One that was made elsewhere is in the list's next state.
  if (!collections || (collectionId && !current && isFetching && !isFetchedAfterMount)) {
    return (
      <Center h="100%">
        <Loader size="sm" aria-label="Loading" />
      </Center>
    );
  }
  if (collectionId && !current) return <MissingCollection collections={collections} />;
  const first = collections[0];
  if (!current && first) return <Navigate to={`/documents/${first.id}`} replace />;

  async function takeFiles(files: readonly Picked[]) {
    if (files.length === 0) return;
    try {
      const collection = current ?? (await create.mutateAsync({ name: FIRST_COLLECTION }));
      addFiles(collection.id, files);
      if (!current) void navigate(`/documents/${collection.id}`, { replace: true });
    } catch (fault) {
      toastFailure(fault);
    }
  }

  const shown = current && view === undefined ? opened : null;
  return (
    <div className={classes.page}>
      <CollectionList collections={collections} current={current} />
      {current && view === "settings" ? (
        <CollectionSettings key={current.id} collection={current} />
      ) : current ? (
        <CollectionView
          key={current.id}
          collection={current}
          previewed={shown}
          onFiles={(files) => void takeFiles(files)}
          onPreview={preview}
        />
      ) : (
        <FirstSteps onFiles={(files) => void takeFiles(files)} />
      )}
      <SidePanel label="Preview" shown={shown} onClose={() => open(null)}>
        {shown ? (
          <DocumentViewer key={shown} documentId={shown} name="" passage={null} onClose={() => open(null)} />
        ) : null}
      </SidePanel>
      <DropZone target={current?.name ?? FIRST_COLLECTION} onFiles={(files) => void takeFiles(files)} />
    </div>
  );
}
