import { UnstyledButton } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconPages,
  IconPassages,
  IconText,
  IconZoomIn,
  IconZoomOut,
} from "@/components/icons";
import { isReadable } from "@/lib/ingestion";
import { FIT, nextZoom } from "@/lib/zoom";
import type { Document } from "@/models";
import classes from "./DocumentViewer.module.css";
import { isShownImage } from "./ImageView";
import { PageJump } from "./PageJump";
import { ViewerAction } from "./ViewerAction";

/** What of a document is seen, and how. */
export interface View {
  page: number;
  /** 1: as wide as the room there is. */
  zoom: number;
  /** The list of pages is open. */
  strip: boolean;
  /** Where the chunks begin is shown. */
  chunks: boolean;
  /** The text that was read instead of the picture. */
  asText: boolean;
}

interface ViewerToolsProps {
  document: Document;
  view: View;
  onView: (fields: Partial<View>) => void;
}

/** Page, zoom, and what is shown. */
export function ViewerTools({ document, view, onView }: ViewerToolsProps) {
  const pages = document.page_count;
  const pictured = document.content_type === "application/pdf" || isShownImage(document);
  const readable = isReadable(document);
  const zoomIn = nextZoom(view.zoom, "in");
  const zoomOut = nextZoom(view.zoom, "out");
  return (
    <div className={classes.tools} role="toolbar" aria-label="View">
      {pages > 1 ? (
        <>
          <ViewerAction label="List of pages" pressed={view.strip} onClick={() => onView({ strip: !view.strip })}>
            <IconPages size={18} />
          </ViewerAction>
          <ViewerAction
            label="Previous page"
            disabled={view.page <= 1}
            onClick={() => onView({ page: Math.min(view.page, pages + 1) - 1 })}
          >
            <IconChevronLeft size={18} />
          </ViewerAction>
          <PageJump page={view.page} pages={pages} onPage={(page) => onView({ page })} />
          <ViewerAction label="Next page" disabled={view.page >= pages} onClick={() => onView({ page: view.page + 1 })}>
            <IconChevronRight size={18} />
          </ViewerAction>
        </>
      ) : null}
      <span className={classes.space} />
      {readable ? (
        <ViewerAction label="Show passages" pressed={view.chunks} onClick={() => onView({ chunks: !view.chunks })}>
          <IconPassages size={18} />
        </ViewerAction>
      ) : null}
      {pictured && readable ? (
        <ViewerAction
          label="Text as it was read"
          pressed={view.asText}
          onClick={() => onView({ asText: !view.asText })}
        >
          <IconText size={18} />
        </ViewerAction>
      ) : null}
      <ViewerAction
        label="Smaller"
        disabled={zoomOut === null}
        onClick={() => zoomOut !== null && onView({ zoom: zoomOut })}
      >
        <IconZoomOut size={18} />
      </ViewerAction>
      <UnstyledButton
        className={`${classes.zoom ?? ""} tabular`}
        aria-label={`Zoom ${Math.round(view.zoom * 100)} %, back to the usual`}
        onClick={() => onView({ zoom: FIT })}
      >
        {Math.round(view.zoom * 100)} %
      </UnstyledButton>
      <ViewerAction
        label="Larger"
        disabled={zoomIn === null}
        onClick={() => zoomIn !== null && onView({ zoom: zoomIn })}
      >
        <IconZoomIn size={18} />
      </ViewerAction>
    </div>
  );
}
