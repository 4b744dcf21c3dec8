import type { Passage } from "@/lib/marks";
import type { Chunk, Document, DocumentPage } from "@/models";
import type { View } from "./ViewerTools";

/** What every way of showing a page is given. */
export interface PageViewProps {
  document: Document;
  view: View;
  passage: Passage | null;
  /** The page's text with its lines; null until it is there. */
  text: DocumentPage | null;
  /** The chunks on the page when their bounds are to be shown, else none. */
  chunks: Chunk[];
  onPage: (page: number) => void;
}
