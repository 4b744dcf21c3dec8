import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { type CSSProperties, useEffect, useRef } from "react";
import classes from "./Code.module.css";
import { type Completion, extensionsFor } from "./extensions";

export interface CodeProps {
  /** Its accessible name. */
  label: string;
  value: string;
  language: "json" | "python" | "template";
  onChange: (value: string) => void;
  onBlur?: () => void;
  readOnly?: boolean;
  /** What a template may refer to. */
  completions?: readonly Completion[];
  /** In pixels; beyond it scrolls. */
  maxHeight?: number;
  minHeight?: number;
  /** Characters that are selected and brought into view when they change. */
  shown?: readonly [start: number, end: number] | null;
}

export default function CodeMirror(props: CodeProps) {
  const { label, value, language, readOnly = false, maxHeight = 320, minHeight = 0, shown = null } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!host.current) return;
    const editable = new Compartment();
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          extensionsFor(language, () => latest.current.completions ?? []),
          EditorView.contentAttributes.of({ "aria-label": label }),
          editable.of([EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            const text = update.state.doc.toString();
            if (text !== latest.current.value) latest.current.onChange(text);
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onBlur?.() }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, language, readOnly]);

  useEffect(() => {
    const now = view.current;
    if (!now || now.state.doc.toString() === value) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const now = view.current;
    if (!now || !shown) return;
    const end = Math.min(shown[1], now.state.doc.length);
    const start = Math.min(shown[0], end);
    now.dispatch({
      selection: { anchor: start, head: end },
      effects: EditorView.scrollIntoView(start, { y: "center" }),
    });
    now.focus();
  }, [shown]);

  const height = { "--most": `${maxHeight}px`, "--least": `${minHeight}px` } as CSSProperties;
  return <div ref={host} className={classes.code} style={height} />;
}
