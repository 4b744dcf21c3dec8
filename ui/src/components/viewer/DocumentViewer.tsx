import { Center, Loader } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useDocument } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { rangeOnPage } from "@/lib/passage";
import { findSupport } from "@/lib/support";
import type { Document } from "@/models";
import classes from "./DocumentViewer.module.css";
import { TextView } from "./TextView";
import { ViewerBar } from "./ViewerBar";

const PdfView = lazy(() => import("./PdfView"));

/** What to mark: where the passage stands and its text. */
export interface Passage {
  page: number;
  page_end: number;
  start: number;
  end: number;
  snippet: string;
  /** What it is cited for: the sentence of the passage that says so is marked more strongly. */
  claim: string | null;
}

interface DocumentViewerProps {
  documentId: string;
  /** What the bar says until the document is known. */
  name: string;
  passage: Passage | null;
  onClose: () => void;
}

/** A document, page by page, opened where the passage stands. Give it a `key` per document. */
export function DocumentViewer({ documentId, name, passage, onClose }: DocumentViewerProps) {
  const { data, error, refetch } = useDocument(documentId);
  const [page, setPage] = useState(passage?.page ?? 1);
  const [opened, setOpened] = useState(passage);
  if (opened !== passage) {
    setOpened(passage);
    setPage(passage?.page ?? 1);
  }
  return (
    <div className={classes.viewer}>
      <ViewerBar name={data?.name ?? name} document={data ?? null} page={page} onPage={setPage} onClose={onClose} />
      <div className={classes.body}>
        {error ? (
          <div className={classes.notice}>
            <Failure fault={error} onRetry={() => void refetch()} />
          </div>
        ) : data ? (
          <Content document={data} page={page} passage={passage} />
        ) : (
          <Waiting />
        )}
      </div>
    </div>
  );
}

function Content({ document, page, passage }: { document: Document; page: number; passage: Passage | null }) {
  const range = useMemo(() => (passage ? rangeOnPage(passage, page) : null), [passage, page]);
  const support = useMemo(() => (passage?.claim ? findSupport(passage.snippet, passage.claim) : null), [passage]);
  if (document.content_type === "application/pdf") {
    return (
      <Suspense fallback={<Waiting />}>
        <PdfView
          documentId={document.id}
          page={page}
          passage={range ? (passage?.snippet ?? null) : null}
          support={range ? support : null}
        />
      </Suspense>
    );
  }
  if (document.status !== "complete") {
    return (
      <div className={classes.notice}>
        <Failure fault={new Error(document.error ?? "This document is still being read.")} />
      </div>
    );
  }
  return <TextView documentId={document.id} page={page} range={range} support={support} />;
}

function Waiting() {
  return (
    <Center py="xl">
      <Loader size="sm" aria-label="Opening the document" />
    </Center>
  );
}
