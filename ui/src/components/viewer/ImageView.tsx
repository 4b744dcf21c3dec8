import { Center, Loader } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import { useOriginal } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { markedRanges, markedRects } from "@/lib/marks";
import type { Document } from "@/models";
import { Overlay } from "./Overlay";
import classes from "./ImageView.module.css";
import type { PageViewProps } from "./pageView";
import view from "./PdfView.module.css";

const SHOWN = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"];

/** True for pictures that browsers can show, of which a document is one page. */
export function isShownImage({ content_type, page_count }: Document): boolean {
  return SHOWN.includes(content_type) && page_count <= 1;
}

/** A picture in the width that there is, or larger, with the passage's boxes over the lines that were read in it. */
export function ImageView({ document, view: { zoom }, passage, text, chunks }: PageViewProps) {
  const original = useOriginal(document);
  const { ref, width } = useElementSize();
  const [broken, setBroken] = useState(false);
  const rects = useMemo(() => text && markedRects(text, markedRanges(text, passage)), [text, passage]);
  const shape = text?.width && text.height ? { aspectRatio: `${text.width} / ${text.height}` } : {};
  return (
    <div className={view.scroll} data-scroll tabIndex={0} role="region" aria-label={document.name}>
      <div ref={ref} className={view.column}>
        {original.error || broken ? (
          <Failure
            fault={original.error ?? new Error("This picture can not be shown; its file may be damaged.")}
            onRetry={() => void original.refetch()}
          />
        ) : original.data && width > 0 ? (
          <div className={classes.sheet} style={{ width: width * zoom, ...shape }}>
            <Picture
              blob={original.data}
              type={document.content_type}
              name={document.name}
              onBroken={() => setBroken(true)}
            />
            {rects ? <Overlay page={1} marks={rects} chunks={chunks} /> : null}
          </div>
        ) : (
          <Center py="xl">
            <Loader size="sm" aria-label="Opening the document" />
          </Center>
        )}
      </div>
    </div>
  );
}

interface PictureProps {
  blob: Blob;
  type: string;
  name: string;
  onBroken: () => void;
}

/** The original as a picture; its address lives as long as that. */
function Picture({ blob, type, name, onBroken }: PictureProps) {
  const picture = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([blob], { type }));
    if (picture.current) picture.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [blob, type]);
  return <img ref={picture} alt={name} className={classes.picture} onError={onBroken} />;
}
