import { useEffect, useState } from "react";
import { useOriginal } from "@/api/documents";
import type { Document } from "@/models";
import { openPdf, type Pdf } from "./pdf";

/** A document's original file, opened as a PDF for as long as the component lives. */
export function usePdf(document: Pick<Document, "id" | "version">): {
  pdf: Pdf | null;
  fault: unknown;
  retry: () => void;
} {
  const original = useOriginal(document);
  const [opened, setOpened] = useState<{ of: Blob; pdf: Pdf | null; fault: unknown } | null>(null);
  const blob = original.data;

  useEffect(() => {
    if (!blob) return;
    let close: (() => void) | null = null;
    let wanted = true;
    void blob.arrayBuffer().then(async (data) => {
      if (!wanted) return;
      const opening = openPdf(data);
      close = opening.close;
      try {
        const pdf = await opening.pdf;
        setOpened({ of: blob, pdf, fault: null });
      } catch (fault) {
        setOpened({ of: blob, pdf: null, fault });
      }
    });
    return () => {
      wanted = false;
      close?.();
    };
  }, [blob]);

  const current = opened !== null && opened.of === blob ? opened : null;
  return {
    pdf: current?.pdf ?? null,
    fault: original.error ?? current?.fault ?? null,
    retry: () => void original.refetch(),
  };
}
