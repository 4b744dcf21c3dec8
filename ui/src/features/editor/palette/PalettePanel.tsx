import { add, addingHere } from "../actions";
import { useEditorStore } from "../store";
import classes from "../Editor.module.css";
import { PaletteList } from "./PaletteList";

/** The palette beside the canvas: what is clicked is added behind what is selected, what is dragged goes where it is let go. */
export function PalettePanel() {
  const store = useEditorStore();
  return (
    <aside className={classes.palette} aria-label="Palette">
      <PaletteList onChoose={(item) => add(store, item, addingHere(store))} />
    </aside>
  );
}
