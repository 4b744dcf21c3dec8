import { type NodeProps, NodeResizer } from "@xyflow/react";
import { memo } from "react";
import { changeNote } from "@/lib/editor/commands";
import { LONGEST_NOTE, TONES } from "@/lib/editor/keeping";
import { useEditor } from "../store";
import classes from "./Canvas.module.css";
import type { BoxNode } from "./flowItems";

/** A note on the canvas: plain text, whatever stands in it. */
export const NoteBox = memo(function NoteBox({ data: { box }, selected }: NodeProps<BoxNode>) {
  const edit = useEditor((state) => state.edit);
  if (box.content.sort !== "note") return null;
  const { id, text, tone } = box.content.note;
  const change = (label: string, next: Parameters<typeof changeNote>[2], merge?: string) =>
    edit({ label, ...(merge ? { merge } : {}), change: (toolchain) => changeNote(toolchain, id, next) });
  return (
    <div className={classes.note} data-tone={tone} data-selected={selected || undefined}>
      <NodeResizer
        isVisible={selected}
        minWidth={120}
        minHeight={60}
        maxWidth={1200}
        maxHeight={1200}
        onResizeEnd={(_, { x, y, width, height }) => change("Resize a note", { x, y, width, height })}
      />
      <textarea
        className={`${classes.noteText ?? ""} nodrag nowheel`}
        aria-label="Note"
        placeholder="Write a note"
        maxLength={LONGEST_NOTE}
        value={text}
        onChange={(event) => change("Write a note", { text: event.currentTarget.value }, `note ${id}`)}
      />
      {selected ? (
        <div className={`${classes.tones ?? ""} nodrag`} role="group" aria-label="Colour of the note">
          {TONES.map((one) => (
            <button
              key={one}
              type="button"
              data-tone={one}
              aria-label={one}
              aria-pressed={one === tone}
              onClick={() => change("Colour a note", { tone: one })}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
});
