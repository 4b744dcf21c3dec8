import { Center, Loader } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Failure } from "@/components/Failure";
import { PdfPage } from "./PdfPage";
import classes from "./PdfView.module.css";
import { usePdf } from "./usePdf";

interface PdfViewProps {
  documentId: string;
  page: number;
  /** The text to mark on the page; null marks nothing. */
  passage: string | null;
  /** The part of the passage to mark more strongly. */
  support: string | null;
}

/** One page of a PDF in the width that there is, a passage marked. */
export default function PdfView({ documentId, page, passage, support }: PdfViewProps) {
  const { pdf, fault, retry } = usePdf(documentId);
  const { ref, width } = useElementSize();
  // Whole steps, so that a panel that slides in is drawn a few times and not at every pixel.
  const step = Math.floor((width - 2) / 8) * 8;
  return (
    <div className={classes.scroll} data-scroll>
      <div ref={ref} className={classes.column}>
        {fault ? (
          <Failure fault={fault} onRetry={retry} />
        ) : pdf && step > 0 ? (
          <PdfPage
            key={page}
            pdf={pdf}
            number={Math.min(page, pdf.numPages)}
            width={step}
            passage={passage}
            support={support}
          />
        ) : (
          <Center py="xl">
            <Loader size="sm" aria-label="Opening the document" />
          </Center>
        )}
      </div>
    </div>
  );
}
