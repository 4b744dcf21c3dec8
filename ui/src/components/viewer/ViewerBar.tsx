import { useQueryClient } from "@tanstack/react-query";
import { originalOf } from "@/api/documents";
import { IconClose, IconDownload, IconExternal } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import { saveBlob, showBlob } from "@/lib/blobs";
import type { Document } from "@/models";
import classes from "./DocumentViewer.module.css";
import { ViewerAction } from "./ViewerAction";

interface ViewerBarProps {
  name: string;
  document: Document | null;
  /** Left out where it stands on a page of its own. */
  onClose?: (() => void) | undefined;
}

/** The document's name and what is done with its original file. */
export function ViewerBar({ name, document, onClose }: ViewerBarProps) {
  const client = useQueryClient();
  const isPdf = document?.content_type === "application/pdf";

  async function withOriginal(hand: (blob: Blob) => void) {
    if (!document) return;
    try {
      hand(await client.query(originalOf(document)));
    } catch (fault) {
      toastFailure(fault);
    }
  }

  return (
    <header className={classes.bar}>
      <h2 className={classes.name} title={name}>
        <bdi>{name}</bdi>
      </h2>
      {isPdf ? (
        <ViewerAction label="Open original" onClick={() => void withOriginal(showBlob)}>
          <IconExternal size={18} />
        </ViewerAction>
      ) : null}
      <ViewerAction
        label="Download original"
        disabled={!document}
        onClick={() => void withOriginal((blob) => saveBlob(blob, name))}
      >
        <IconDownload size={18} />
      </ViewerAction>
      {onClose ? (
        <ViewerAction label="Close" onClick={onClose}>
          <IconClose size={18} />
        </ViewerAction>
      ) : null}
    </header>
  );
}
