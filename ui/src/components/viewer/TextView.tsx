import { Text } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import { plural } from "@/lib/format";
import { markedRanges, textPieces } from "@/lib/marks";
import type { Chunk, DocumentPage } from "@/models";
import viewer from "./DocumentViewer.module.css";
import type { PageViewProps } from "./pageView";
import { PageStrip } from "./PageStrip";
import classes from "./TextView.module.css";
import { useKeptPlace } from "./useKeptPlace";

/** One page of a document as the text that was read from it. */
export function TextView({ document, view, passage, text, chunks, onPage }: PageViewProps & { text: DocumentPage }) {
  const body = useRef<HTMLDivElement>(null);
  const ranges = useMemo(() => markedRanges(text, passage), [text, passage]);
  const pieces = useMemo(() => textPieces(text, ranges, chunks), [text, ranges, chunks]);
  useKeptPlace(body, text, pieces, view.zoom);
  useEffect(() => {
    const mark = body.current?.querySelector("mark[data-strong]") ?? body.current?.querySelector("mark");
    mark?.scrollIntoView({ block: "center" });
  }, [ranges]);
  return (
    <div className={viewer.split}>
      {view.strip ? <PageStrip pages={document.page_count} page={view.page} passage={passage} onPage={onPage} /> : null}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Page ${text.page}`}>
        {text.text.trim() === "" ? <Text c="dimmed">This page holds no text.</Text> : null}
        <div ref={body} className={classes.text} dir="auto" style={{ fontSize: 15 * view.zoom }}>
          {pieces.map((piece, index) => (
            <span key={index}>
              {piece.begins.map((chunk) => (
                <Boundary key={chunk.chunk_id} chunk={chunk} page={text.page} />
              ))}
              {piece.mark === null ? (
                piece.text
              ) : (
                <mark data-testid="highlight" data-strong={piece.mark === "strong" || undefined}>
                  {piece.text}
                </mark>
              )}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The line above the first words of a chunk. */
function Boundary({ chunk, page }: { chunk: Chunk; page: number }) {
  const from = chunk.page < page ? `, from page ${chunk.page}` : "";
  return (
    <span className={classes.boundary} data-testid="chunk">
      Passage {chunk.ordinal + 1} · {plural(chunk.token_count, "token")}
      {from}
    </span>
  );
}
