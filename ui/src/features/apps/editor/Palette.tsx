import { use } from "react";
import { type ElementKind, KINDS } from "@/lib/pageElements";
import { EditingContext, pressed } from "../editing";
import classes from "./Builder.module.css";

/** What a drag of a new element is called. */
export const NEW = "new:";

interface PaletteProps {
  onAdd: (kind: ElementKind) => void;
}

/** The kinds of elements: dragged to their place, or put behind the one that is chosen by a click. */
export function Palette({ onAdd }: PaletteProps) {
  const editing = use(EditingContext);
  return (
    <nav className={classes.palette} aria-label="Elements">
      {KINDS.map(({ title, kinds }) => (
        <section key={title} aria-label={title}>
          <h2 className={classes.group}>{title}</h2>
          {kinds.map(({ kind, title: name, about }) => (
            // No button: browsers drag none.
            <div
              key={kind}
              role="button"
              tabIndex={0}
              className={classes.kind}
              title={about}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "copy";
                event.dataTransfer.setData("text/plain", kind);
                editing?.onDrag(NEW + kind);
              }}
              onDragEnd={() => editing?.onDrag(null)}
              onClick={() => onAdd(kind)}
              onKeyDown={(event) => pressed(event) && onAdd(kind)}
            >
              {name}
            </div>
          ))}
        </section>
      ))}
    </nav>
  );
}
