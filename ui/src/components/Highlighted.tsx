import { highlighted } from "@/lib/highlights";
import type { Span } from "@/models";
import classes from "./Highlighted.module.css";

/** A text with spans of it marked; offsets are code points, as the server counts. Empty lines take no room. */
export function Highlighted({ text, spans }: { text: string; spans: readonly Span[] }) {
  return highlighted(text, spans).map((piece, index) => {
    const shown = piece.text.replace(/\n\s*\n/g, "\n");
    return piece.marked ? (
      <mark key={index} className={classes.mark}>
        {shown}
      </mark>
    ) : (
      <span key={index}>{shown}</span>
    );
  });
}
