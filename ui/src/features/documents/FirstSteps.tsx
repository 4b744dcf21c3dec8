import { EmptyState } from "@/components/EmptyState";
import { IconUpload } from "@/components/icons";
import classes from "./FirstSteps.module.css";
import { FilePicker } from "./FilePicker";

/** The page of somebody who has no collection yet. */
export function FirstSteps({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <div className={classes.page}>
      <div className={classes.frame}>
        <EmptyState
          icon={<IconUpload size={26} />}
          title="Drop your first documents here"
          action={<FilePicker size="md" onFiles={onFiles} />}
        >
          PDF, Word, HTML, Markdown or plain text; as many as you like, anywhere on this page. They stay on your own
          server.
        </EmptyState>
      </div>
    </div>
  );
}
