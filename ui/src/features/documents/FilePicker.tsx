import { Button, type ButtonProps, VisuallyHidden } from "@mantine/core";
import { useRef } from "react";
import { IconUpload } from "@/components/icons";

interface FilePickerProps extends ButtonProps {
  onFiles: (files: File[]) => void;
}

/** The button that opens the system's dialog for files. */
export function FilePicker({ onFiles, ...button }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button leftSection={<IconUpload size={16} />} {...button} onClick={() => input.current?.click()}>
        Upload files
      </Button>
      <VisuallyHidden>
        <input
          ref={input}
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Choose files"
          onChange={({ currentTarget }) => {
            onFiles([...(currentTarget.files ?? [])]);
            // So that the same file can be chosen again after it failed.
            currentTarget.value = "";
          }}
        />
      </VisuallyHidden>
    </>
  );
}
