import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useSave } from "@/features/versions/useSave";
import { IconRedo, IconUndo } from "./icons";
import { useEditor } from "./store";

/** What was done last can be undone, and done again. */
export function Steps() {
  const undo = useEditor((state) => state.undo);
  const redo = useEditor((state) => state.redo);
  const back = useEditor((state) => state.history.past.at(-1)?.label ?? null);
  const on = useEditor((state) => state.history.future[0]?.label ?? null);
  return (
    <>
      <Tooltip label={back === null ? "Nothing to undo" : `Undo: ${back} (Ctrl Z)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Undo" disabled={back === null} onClick={undo}>
          <IconUndo size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={on === null ? "Nothing to do again" : `Redo: ${on} (Ctrl Shift Z)`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Redo" disabled={on === null} onClick={redo}>
          <IconRedo size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** Saves the draft as the next version, when it is sound. */
export function Save() {
  const { save, pending } = useSave();
  const sound = useEditor((state) => state.checked && state.faults.length === 0);
  const changed = useEditor((state) => state.toolchain !== state.saved || state.origin === null);
  return (
    <Button size="sm" disabled={!sound || !changed} loading={pending} onClick={() => void save()}>
      Save
    </Button>
  );
}
