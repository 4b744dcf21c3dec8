import { type DragEvent, type ReactNode, use } from "react";
import type { ElementPlace } from "@/lib/pageEdit";
import { titleOfKind } from "@/lib/pageElements";
import type { PageElement } from "@/models";
import { EditingContext, pressed } from "./editing";
import classes from "./ElementFrame.module.css";

interface ElementFrameProps {
  element: PageElement;
  /** It would not be shown now. */
  dim: boolean;
  children: ReactNode;
}

/** Around an element while the page is edited: it is chosen by a click and dragged by its frame. */
export function ElementFrame({ element, dim, children }: ElementFrameProps) {
  const editing = use(EditingContext);
  if (!editing) return children;
  const { selected, faulty, dragging, onSelect, onDrag } = editing;
  const holds = element.kind === "row" || element.kind === "column" || element.kind === "tabs";
  const name = `${titleOfKind(element.kind)} ${element.id}`;
  return (
    <div
      className={classes.frame}
      data-selected={selected === element.id || undefined}
      data-faulty={faulty.has(element.id) || undefined}
      data-dragged={dragging === element.id || undefined}
      data-dim={dim || undefined}
      draggable
      onDragStart={(event) => {
        event.stopPropagation();
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", element.id);
        onDrag(element.id);
      }}
      onDragEnd={() => onDrag(null)}
    >
      {/* No button: what stands in one is not dragged by all browsers. */}
      <div
        role="button"
        tabIndex={0}
        className={classes.handle}
        aria-label={name}
        aria-pressed={selected === element.id}
        data-over={!holds || undefined}
        onClick={() => onSelect(element.id)}
        onKeyDown={(event) => pressed(event) && onSelect(element.id)}
      >
        <span className={classes.tag}>{titleOfKind(element.kind)}</span>
      </div>
      {holds ? children : <div inert>{children}</div>}
    </div>
  );
}

interface DropGapProps {
  place: ElementPlace;
  /** Between elements that stand side by side. */
  sideways: boolean;
  /** Behind the last element of its list. */
  last?: boolean;
  /** The only place of a list without elements. */
  empty?: boolean;
}

/** Where something may be dropped: before an element, or at the end of a list. */
export function DropGap({ place, sideways, last = false, empty = false }: DropGapProps) {
  const editing = use(EditingContext);
  if (!editing) return null;
  const { dragging, onDrop } = editing;

  function over(event: DragEvent<HTMLDivElement>) {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.dataset["over"] = "";
  }

  function leave({ currentTarget }: DragEvent<HTMLDivElement>) {
    delete currentTarget.dataset["over"];
  }

  return (
    <div
      className={classes.gap}
      data-testid={`gap ${place.parent ?? "page"} ${place.tab} ${place.index}`}
      data-sideways={sideways || undefined}
      data-last={last || undefined}
      data-empty={empty || undefined}
      data-active={dragging !== null || undefined}
      onDragOver={over}
      onDragLeave={leave}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        leave(event);
        onDrop(place);
      }}
    >
      {empty ? "Drop an element here" : null}
    </div>
  );
}
