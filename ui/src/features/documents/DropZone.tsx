import { Portal } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { IconUpload } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { droppedFiles, type Picked } from "@/lib/dropped";
import classes from "./DropZone.module.css";

interface DropZoneProps {
  /** The name of the collection that takes the files. */
  target: string;
  onFiles: (files: Picked[]) => void;
}

/** Takes files that are dropped anywhere in the window, and says so while they are held over it. */
export function DropZone({ target, onFiles }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  }, [onFiles]);

  useEffect(() => {
    // Each child that is entered and left reports it too: over is where more were entered than left.
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      setOver(depth > 0);
    };
    const hold = (event: DragEvent) => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      droppedFiles(event.dataTransfer).then((files) => take.current(files), toastFailure);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", hold);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", hold);
      window.removeEventListener("drop", drop);
    };
  }, []);

  if (!over) return null;
  return (
    <Portal>
      <div className={classes.overlay}>
        <div className={classes.frame}>
          <IconUpload size={40} strokeWidth={1.4} />
          <p className={classes.words}>
            Drop to add to <strong>{target}</strong>
          </p>
        </div>
      </div>
    </Portal>
  );
}
