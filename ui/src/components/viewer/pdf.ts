import { getDocument, type PDFDocumentProxy, PDFWorker, TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";
import PdfWorker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker";

export type Pdf = PDFDocumentProxy;
export { TextLayer };

/** One worker for all documents; made with the first. */
let worker: PDFWorker | null = null;

/**
 * Opens a PDF. What it needs beside the file (encodings, fonts, decoders) comes from this origin.
 * @returns the document to come, and what gives its memory back
 */
export function openPdf(data: ArrayBuffer): { pdf: Promise<Pdf>; close: () => void } {
  worker ??= PDFWorker.create({ port: new PdfWorker() });
  const task = getDocument({
    data,
    worker,
    cMapUrl: "/pdf/cmaps/",
    cMapPacked: true,
    standardFontDataUrl: "/pdf/standard_fonts/",
    wasmUrl: "/pdf/wasm/",
    enableXfa: false,
  });
  return { pdf: task.promise.catch(explain), close: () => void task.destroy() };
}

function explain(fault: unknown): never {
  // pdf.js gives its exceptions names; the classes stay inside.
  if (fault instanceof Error && fault.name === "PasswordException")
    throw new Error("This PDF is protected by a password.");
  throw new Error("This PDF can not be shown; its file may be damaged.");
}
