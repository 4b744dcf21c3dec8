import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import { addingHere, copy, duplicate, paste, remove, tidy, walk } from "../actions";
import { COMMANDS } from "../slots";
import { type EditorStore, useEditorStore } from "../store";
import { FIT } from "./EditorCanvas";

/** Whether keys there belong to something that is open over the editor. */
const isOver = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[role=dialog], [role=menu]") !== null;

/** Whether keys there write, or belong to something that is open over the editor. */
const isBusy = (target: EventTarget | null) =>
  isOver(target) ||
  (target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]") !== null);

/** What keys do to the canvas; `fit` and the zooms belong to React Flow. */
export function useShortcuts(): void {
  const store = useEditorStore();
  const flow = useReactFlow();
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const command = event.ctrlKey || event.metaKey;
      const name = `${command ? "Ctrl " : ""}${event.altKey ? "Alt " : ""}${event.shiftKey ? "Shift " : ""}${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;
      if (isOver(event.target) || store.getState().building) return;
      if (name === "Ctrl K" || name === "Ctrl F") {
        event.preventDefault();
        store.getState().show({ dialog: name === "Ctrl K" ? "commands" : "find" });
        return;
      }
      if (isBusy(event.target)) return;
      if (name === "F") void flow.fitView(FIT);
      else if (name === "+" || name === "Shift +") void flow.zoomIn();
      else if (name === "-") void flow.zoomOut();
      else {
        const act = Object.hasOwn(KEYS, name) ? KEYS[name] : COMMANDS.find(({ keys }) => keys === name)?.run;
        if (!act) return;
        act(store);
      }
      event.preventDefault();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [store, flow]);
}

const KEYS: Record<string, (store: EditorStore) => void> = {
  "Ctrl Z": (store) => store.getState().undo(),
  "Ctrl Shift Z": (store) => store.getState().redo(),
  "Ctrl Y": (store) => store.getState().redo(),
  "Ctrl A": (store) =>
    store.getState().select(
      store
        .getState()
        .canvas.boxes.filter(({ content }) => content.sort !== "pill")
        .map(({ id }) => id),
    ),
  "Ctrl D": duplicate,
  Delete: remove,
  Backspace: remove,
  Escape: (store) => store.getState().select([]),
  N: (store) => store.getState().show({ adding: addingHere(store) }),
  C: (store) => store.getState().show({ dialog: "connect" }),
  "Shift L": tidy,
  "Alt ArrowRight": (store) => walk(store, true),
  "Alt ArrowLeft": (store) => walk(store, false),
};

/** Copying and pasting as text: the browser's own events need no permission. */
export function useClipboard(): void {
  const store = useEditorStore();
  useEffect(() => {
    function onCopy(event: ClipboardEvent) {
      if (isBusy(event.target) || store.getState().building || (document.getSelection()?.toString() ?? "") !== "")
        return;
      const text = copy(store);
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") remove(store);
    }
    function onPaste(event: ClipboardEvent) {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (isBusy(event.target) || store.getState().building || text.trim() === "") return;
      event.preventDefault();
      paste(store, text, null);
    }
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [store]);
}
