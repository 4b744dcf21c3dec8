import { useEffect, useRef } from "react";
import { blocksOf, placeOf } from "@/lib/boxes";
import { plural } from "@/lib/format";
import type { MarkedRect } from "@/lib/marks";
import type { Chunk } from "@/models";
import classes from "./Overlay.module.css";

interface OverlayProps {
  /** The page that lies under it. */
  page: number;
  marks: readonly MarkedRect[];
  /** The chunks on the page whose bounds are shown. */
  chunks: readonly Chunk[];
}

/** What is drawn over the picture of a page, in fractions of it: the passage's lines and the bounds of chunks. */
export function Overlay({ page, marks, chunks }: OverlayProps) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    scrollToMark(layer.current);
  }, [marks]);
  return (
    <div ref={layer} className={classes.layer} aria-hidden>
      {marks.map((mark, index) => (
        <div
          key={index}
          className={classes.box}
          data-strong={mark.strong || undefined}
          data-testid="highlight"
          style={placeOf(mark)}
        />
      ))}
      {chunks.map((chunk) => (
        <Bounds key={chunk.chunk_id} chunk={chunk} page={page} />
      ))}
    </div>
  );
}

/** The blocks of a chunk on a page; the first of them says which it is. */
function Bounds({ chunk, page }: { chunk: Chunk; page: number }) {
  const blocks = blocksOf((chunk.boxes ?? []).filter((box) => box.page === page));
  return blocks.map((block, index) => (
    <div
      key={index}
      className={classes.bounds}
      data-odd={chunk.ordinal % 2 === 1 || undefined}
      data-testid="chunk"
      style={placeOf(block)}
    >
      {index === 0 ? (
        <span className={classes.label}>
          {chunk.ordinal + 1} · {plural(chunk.token_count, "token")}
        </span>
      ) : null}
    </div>
  ));
}

/** Brings the first mark to the upper quarter of what scrolls around it. */
export function scrollToMark(layer: HTMLElement | null): void {
  const first = layer?.querySelector("[data-strong]") ?? layer?.querySelector("[data-testid=highlight]");
  const scroll = layer?.closest("[data-scroll]");
  if (!first || !scroll) return;
  const below = first.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTo({ top: Math.max(0, scroll.scrollTop + below - scroll.clientHeight / 4), behavior: "smooth" });
}
