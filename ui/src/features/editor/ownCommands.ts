import { ALIGNMENTS } from "@/lib/editor/align";
import { addingHere, alignSelection, duplicate, putIntoFrame, remove, takeOutOfFrame, tidy } from "./actions";
import type { EditorCommand } from "./slots";

/** What the editor itself can be told to do. */
export const OWN_COMMANDS: readonly EditorCommand[] = [
  { id: "add", title: "Add a node", keys: "N", run: (store) => store.getState().show({ adding: addingHere(store) }) },
  {
    id: "connect",
    title: "Connect the selected node to …",
    keys: "C",
    run: (store) => store.getState().show({ dialog: "connect" }),
  },
  {
    id: "find",
    title: "Search in the graph",
    keys: "Ctrl F",
    run: (store) => store.getState().show({ dialog: "find" }),
  },
  { id: "undo", title: "Undo", keys: "Ctrl Z", run: (store) => store.getState().undo() },
  { id: "redo", title: "Redo", keys: "Ctrl Shift Z", run: (store) => store.getState().redo() },
  { id: "tidy", title: "Tidy up", keys: "Shift L", run: tidy },
  { id: "duplicate", title: "Duplicate what is selected", keys: "Ctrl D", run: duplicate },
  { id: "remove", title: "Delete what is selected", keys: "Delete", run: remove },
  { id: "into-frame", title: "Put into the selected map or loop", run: putIntoFrame },
  { id: "out-of-frame", title: "Take out of the map or loop", run: takeOutOfFrame },
  {
    id: "faults",
    title: "Show the faults",
    run: (store) => {
      store.getState().select([]);
      store.getState().show({ toolchainTab: "faults" });
    },
  },
  ...ALIGNMENTS.map(({ alignment, label }) => ({
    id: alignment,
    title: label,
    run: (store: Parameters<EditorCommand["run"]>[0]) => alignSelection(store, alignment),
  })),
];
