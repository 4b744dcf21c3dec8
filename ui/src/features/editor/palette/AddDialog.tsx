import { FocusTrap, Paper, Portal } from "@mantine/core";
import { useClickOutside } from "@mantine/hooks";
import { add } from "../actions";
import { type Adding, useEditor, useEditorStore } from "../store";
import classes from "./Palette.module.css";
import { PaletteList } from "./PaletteList";

const WIDTH = 320;
const HEIGHT = 420;

/** The palette where it was asked for: on a way, at the end of a line that was let go, or in the middle. */
export function AddDialog() {
  const adding = useEditor((state) => state.adding);
  return adding ? <Opened adding={adding} /> : null;
}

function Opened({ adding }: { adding: Adding }) {
  const store = useEditorStore();
  const close = () => store.getState().show({ adding: null });
  const ref = useClickOutside<HTMLDivElement>(close);
  const { screen } = adding;
  const left = screen ? Math.min(screen.x, window.innerWidth - WIDTH - 8) : (window.innerWidth - WIDTH) / 2;
  const top = screen ? Math.min(screen.y, window.innerHeight - HEIGHT - 8) : (window.innerHeight - HEIGHT) / 3;
  return (
    <Portal>
      <FocusTrap active>
        <Paper
          ref={ref}
          className={classes.dialog}
          role="dialog"
          aria-label="Add a node"
          shadow="md"
          radius="md"
          withBorder
          style={{ left: Math.max(8, left), top: Math.max(8, top), width: WIDTH, height: HEIGHT }}
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
            event.stopPropagation();
          }}
        >
          <PaletteList autoFocus onChoose={(item) => add(store, item, adding)} />
        </Paper>
      </FocusTrap>
    </Portal>
  );
}
