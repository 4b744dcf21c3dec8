import { createContext, type KeyboardEvent } from "react";
import type { ElementPlace } from "@/lib/pageEdit";

/** A page under the hand: what is chosen, where something would be dropped, and what follows. */
export interface Editing {
  selected: string | null;
  /** Paths of elements that have faults, by their ids. */
  faulty: ReadonlySet<string>;
  /** What is dragged: an element's id, or a new kind; null: nothing. */
  dragging: string | null;
  onSelect: (id: string | null) => void;
  onDrag: (what: string | null) => void;
  onDrop: (place: ElementPlace) => void;
}

/** Null where the page is used. */
export const EditingContext = createContext<Editing | null>(null);

/** Whether a key is one that presses buttons; it does nothing else then. */
export function pressed(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" && event.key !== " ") return false;
  event.preventDefault();
  return true;
}
