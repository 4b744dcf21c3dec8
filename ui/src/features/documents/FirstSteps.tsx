import { Button } from "@mantine/core";
import { useRef } from "react";
import { EmptyState } from "@/components/EmptyState";
import { IconUpload } from "@/components/icons";
import type { Picked } from "@/lib/dropped";
import classes from "./FirstSteps.module.css";
import { FilePicker, type FilePickerHandle } from "./FilePicker";

/** The page of somebody who has no collection yet. */
export function FirstSteps({ onFiles }: { onFiles: (files: Picked[]) => void }) {
  const picker = useRef<FilePickerHandle>(null);
  return (
    <div className={classes.page}>
      <div className={classes.frame}>
        <EmptyState
          icon={<IconUpload size={26} />}
          title="Drop your first documents here"
          action={
            <Button size="md" leftSection={<IconUpload size={16} />} onClick={() => picker.current?.open()}>
              Upload files
            </Button>
          }
        >
          PDF, Word, Excel, PowerPoint, pictures, HTML, e-mail, archives or plain text; as many as you like, anywhere on
          this page. They stay on your own server.
        </EmptyState>
        <FilePicker ref={picker} label="Choose files" takes="files" onFiles={onFiles} />
      </div>
    </div>
  );
}
