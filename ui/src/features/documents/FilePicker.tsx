import { VisuallyHidden } from "@mantine/core";
import { type Ref, useImperativeHandle, useRef } from "react";
import { isHidden, type Picked, pickedFile } from "@/lib/dropped";

/** Opens the system's dialog. */
export interface FilePickerHandle {
  open: () => void;
}

interface FilePickerProps {
  ref: Ref<FilePickerHandle>;
  /** Its accessible name. */
  label: string;
  /** Many files, one, or all of a folder. */
  takes: "files" | "file" | "folder";
  onFiles: (files: Picked[]) => void;
}

/** The system's dialog for files, which is seen only while it is open. */
export function FilePicker({ ref, label, takes, onFiles }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ open: () => input.current?.click() }), []);
  return (
    <VisuallyHidden>
      <input
        ref={input}
        type="file"
        multiple={takes !== "file"}
        {...(takes === "folder" ? { webkitdirectory: "" } : {})}
        tabIndex={-1}
        aria-label={label}
        onChange={({ currentTarget }) => {
          const picked = [...(currentTarget.files ?? [])].map(pickedFile);
          onFiles(picked.filter(({ source }) => source === null || !isHidden(source)));
          // So that the same file can be chosen again after it failed.
          currentTarget.value = "";
        }}
      />
    </VisuallyHidden>
  );
}
