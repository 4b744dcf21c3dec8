import { Center, Loader } from "@mantine/core";
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import { ApiError } from "@/api/client";
import { useDocument, useDocumentPage, usePageChunks } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { isReadable } from "@/lib/ingestion";
import type { Passage } from "@/lib/marks";
import { FIT, nextZoom } from "@/lib/zoom";
import type { Chunk, Document } from "@/models";
import classes from "./DocumentViewer.module.css";
import { ImageView, isShownImage } from "./ImageView";
import { PassagePill } from "./PassagePill";
import { TextView } from "./TextView";
import { ViewerBar } from "./ViewerBar";
import { type View, ViewerTools } from "./ViewerTools";

const PdfView = lazy(() => import("./PdfView"));

export type { Passage };

interface DocumentViewerProps {
  documentId: string;
  /** What the bar says until the document is known. */
  name: string;
  passage: Passage | null;
  /** Left out where it stands on a page of its own. */
  onClose?: () => void;
}

const FIRST_VIEW: View = { page: 1, zoom: FIT, strip: false, chunks: false, asText: false };

/** A document, page by page, opened where the passage stands. Give it a `key` per document. */
export function DocumentViewer({ documentId, name, passage, onClose }: DocumentViewerProps) {
  const { data, error, refetch } = useDocument(documentId, true);
  const [view, setView] = useState<View>({ ...FIRST_VIEW, page: passage?.page ?? 1 });
  const [opened, setOpened] = useState(passage);
  const change = (fields: Partial<View>) => setView((now) => ({ ...now, ...fields }));
  if (opened !== passage) {
    setOpened(passage);
    change({ page: passage?.page ?? 1 });
  }

  function onKeyDown(event: KeyboardEvent) {
    const fields = keyed(event, view, data?.page_count ?? 1);
    if (!fields) return;
    event.preventDefault();
    change(fields);
  }

  return (
    <div
      className={classes.viewer}
      role="group"
      aria-label={data?.name ?? name}
      tabIndex={-1}
      data-autofocus
      onKeyDown={onKeyDown}
    >
      <ViewerBar name={data?.name ?? name} document={data ?? null} onClose={onClose} />
      {data ? <ViewerTools document={data} view={view} onView={change} /> : null}
      <div className={classes.body}>
        {error && (!data || isGone(error)) ? (
          <div className={classes.notice}>
            <Failure fault={error} onRetry={() => void refetch()} />
          </div>
        ) : data ? (
          <Content document={data} view={view} passage={passage} onPage={(page) => change({ page })} />
        ) : (
          <Waiting />
        )}
        {passage ? <PassagePill passage={passage} page={view.page} onPage={(page) => change({ page })} /> : null}
      </div>
    </div>
  );
}

/** Other faults of asking again pass: what is shown stays. */
function isGone(error: Error): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** What a key changes of the view: arrows turn the page, plus and minus zoom. */
function keyed(
  { key, target, altKey, ctrlKey, metaKey }: KeyboardEvent,
  view: View,
  pages: number,
): Partial<View> | null {
  const typing = target instanceof HTMLElement && target.closest("input, textarea, [role=slider]") !== null;
  if (typing || altKey || ctrlKey || metaKey) return null;
  const zoom = key === "+" ? nextZoom(view.zoom, "in") : key === "-" ? nextZoom(view.zoom, "out") : null;
  if (zoom !== null) return { zoom };
  // A page that is wider than the room scrolls with the arrows.
  const turns = view.zoom <= FIT;
  if (turns && key === "ArrowRight" && view.page < pages) return { page: view.page + 1 };
  if (turns && key === "ArrowLeft" && view.page > 1) return { page: view.page - 1 };
  return null;
}

const NO_CHUNKS: Chunk[] = [];

interface ContentProps {
  document: Document;
  view: View;
  passage: Passage | null;
  onPage: (page: number) => void;
}

function Content({ document, view, passage, onPage }: ContentProps) {
  const readable = isReadable(document);
  const text = useDocumentPage(document, view.page, readable);
  const read = usePageChunks(document, view.page, readable && view.chunks).data;
  const chunks = view.chunks && read ? read : NO_CHUNKS;
  const shared = { document, view, passage, onPage, text: text.data ?? null, chunks };
  if (document.content_type === "application/pdf" && !view.asText) {
    return (
      <Suspense fallback={<Waiting />}>
        <PdfView {...shared} mayHaveText={readable && !text.error} />
      </Suspense>
    );
  }
  if (isShownImage(document) && !view.asText) return <ImageView {...shared} />;
  if (!readable) {
    return (
      <div className={classes.notice}>
        <Failure fault={new Error(document.error ?? "This document is still being read.")} />
      </div>
    );
  }
  if (text.error) {
    return (
      <div className={classes.notice}>
        <Failure fault={text.error} onRetry={() => void text.refetch()} />
      </div>
    );
  }
  return text.data ? <TextView {...shared} text={text.data} /> : <Waiting />;
}

function Waiting() {
  return (
    <Center py="xl">
      <Loader size="sm" aria-label="Opening the document" />
    </Center>
  );
}
