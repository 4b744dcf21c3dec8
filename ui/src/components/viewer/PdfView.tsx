import { Center, Loader } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo } from "react";
import { Failure } from "@/components/Failure";
import { markedRanges, markedRects } from "@/lib/marks";
import { rangeOnPage } from "@/lib/passage";
import { findSupport } from "@/lib/support";
import { Overlay } from "./Overlay";
import { PageStrip } from "./PageStrip";
import { PdfPage } from "./PdfPage";
import { PdfThumbnail } from "./PdfThumbnail";
import classes from "./PdfView.module.css";
import { usePdf } from "./usePdf";
import viewer from "./DocumentViewer.module.css";
import type { PageViewProps } from "./pageView";

interface PdfViewProps extends PageViewProps {
  /** The text that was read is there or will be: until it is, nothing is marked. */
  mayHaveText: boolean;
}

/** One page of a PDF in the width that there is, or larger; the passage marked by its boxes, where there are none by its text. */
export default function PdfView({ document, view, passage, text, chunks, mayHaveText, onPage }: PdfViewProps) {
  const { page, zoom, strip } = view;
  const { pdf, fault, retry } = usePdf(document);
  const { ref, width } = useElementSize();
  // Whole steps, so that a panel that slides in is drawn a few times and not at every pixel.
  const fitting = Math.floor((Math.min(width, 1000) - 2) / 8) * 8;
  const rects = useMemo(() => text && markedRects(text, markedRanges(text, passage)), [text, passage]);
  const byText = rects === null && (text !== null || !mayHaveText);
  const searched = useMemo(() => {
    if (!byText || !passage || !rangeOnPage(passage, page)) return null;
    return { passage: passage.snippet, support: passage.claim ? findSupport(passage.snippet, passage.claim) : null };
  }, [byText, passage, page]);
  const shape = text?.width && text.height ? text.height / text.width : null;
  return (
    <div className={viewer.split}>
      {strip && pdf ? (
        <PageStrip
          pages={pdf.numPages}
          page={page}
          passage={passage}
          onPage={onPage}
          picture={(n) => <PdfThumbnail pdf={pdf} number={n} />}
        />
      ) : null}
      <div className={classes.scroll} data-scroll tabIndex={0} role="region" aria-label={`Page ${page}`}>
        <div ref={ref} className={classes.column}>
          {fault ? (
            <Failure fault={fault} onRetry={retry} />
          ) : pdf && fitting > 0 ? (
            <PdfPage
              key={page}
              pdf={pdf}
              number={Math.min(page, pdf.numPages)}
              width={Math.round(fitting * zoom)}
              shape={shape}
              searched={searched}
            >
              {rects ? <Overlay page={page} marks={rects} chunks={chunks} /> : null}
            </PdfPage>
          ) : (
            <Center py="xl">
              <Loader size="sm" aria-label="Opening the document" />
            </Center>
          )}
        </div>
      </div>
    </div>
  );
}
