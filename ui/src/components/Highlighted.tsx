import { highlighted } from "@/lib/highlights";
import type { Span } from "@/models";
import classes from "./Highlighted.module.css";

/** A text with spans of it marked; offsets are code points, as the server counts. */
export function Highlighted({ text, spans }: { text: string; spans: readonly Span[] }) {
  return highlighted(text, spans).map((piece, index) =>
    piece.marked ? (
      <mark key={index} className={classes.mark}>
        {piece.text}
      </mark>
    ) : (
      <span key={index}>{piece.text}</span>
    ),
  );
}
