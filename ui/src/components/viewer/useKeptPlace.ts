import { type RefObject, useLayoutEffect, useRef } from "react";
import type { TextPiece } from "@/lib/marks";
import type { DocumentPage } from "@/models";

/** A place of a text, in UTF-16 units, and how far its line ends below the upper edge of what is in view. */
interface Place {
  offset: number;
  below: number;
}

/**
 * Keeps where it is what is looked at, when the lines between passages come or go, or the text grows.
 * @param body holds an element for each piece, in which the piece's words come last; its parent scrolls
 */
export function useKeptPlace(
  body: RefObject<HTMLElement | null>,
  text: DocumentPage,
  pieces: readonly TextPiece[],
  zoom: number,
): void {
  const looked = useRef<{ text: DocumentPage; place: Place } | null>(null);
  useLayoutEffect(() => {
    const area = body.current?.parentElement;
    if (!body.current || !area || text.text === "") return;
    const below = measureOf(area, body.current, pieces);
    const look = () => {
      looked.current = { text, place: placeInView(below, area.clientHeight, pieces) };
    };
    if (looked.current?.text === text) {
      const { place } = looked.current;
      const now = below(place.offset);
      // At the very top a line above the text is welcome.
      if (area.scrollTop > 0 || now > area.clientHeight) area.scrollBy(0, now - place.below);
    }
    look();
    area.addEventListener("scroll", look, { passive: true });
    return () => area.removeEventListener("scroll", look);
  }, [body, text, pieces, zoom]);
}

type Measure = (offset: number) => number;

/** The mark, where its beginning is in view, else the line at the top. */
function placeInView(below: Measure, height: number, pieces: readonly TextPiece[]): Place {
  const strong = pieces.findIndex(({ mark }) => mark === "strong");
  const marked = lengthOf(pieces.slice(0, strong));
  if (strong !== -1 && below(marked) > 0 && below(marked) < height) return { offset: marked, below: below(marked) };
  let low = 0;
  let high = lengthOf(pieces) - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (below(middle) > 0) high = middle;
    else low = middle + 1;
  }
  return { offset: low, below: below(low) };
}

function lengthOf(pieces: readonly TextPiece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

function measureOf(area: HTMLElement, body: HTMLElement, pieces: readonly TextPiece[]): Measure {
  const range = document.createRange();
  return (offset) => {
    let index = 0;
    let from = 0;
    for (const { text } of pieces) {
      if (from + text.length > offset) break;
      from += text.length;
      index += 1;
    }
    const words = lastWithin(body.children[index] ?? body);
    range.setStart(words, offset - from);
    range.setEnd(words, offset - from + 1);
    return range.getBoundingClientRect().bottom - area.getBoundingClientRect().top;
  };
}

function lastWithin(node: Node): Node {
  return node.lastChild ? lastWithin(node.lastChild) : node;
}
