import { Center, Loader, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useDocumentPage } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { locatePassage, splitAtPassage } from "@/lib/passage";
import classes from "./TextView.module.css";

interface TextViewProps {
  documentId: string;
  page: number;
  /** Code points [start, end) of the page's text to mark; null marks nothing. */
  range: [start: number, end: number] | null;
  /** The part of the passage to mark more strongly. */
  support: string | null;
}

/** One page of a document as the text that was read from it. */
export function TextView({ documentId, page, range, support }: TextViewProps) {
  const { data, error, refetch } = useDocumentPage(documentId, page);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    const strong = mark.current?.querySelector("strong");
    (strong ?? mark.current)?.scrollIntoView({ block: "center" });
  }, [data, range, support]);

  if (error) return <Failure fault={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Center py="xl">
        <Loader size="sm" aria-label="Opening the document" />
      </Center>
    );
  }
  const [before, passage, after] = range ? splitAtPassage(data.text, ...range) : [data.text, "", ""];
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Page ${page}`}>
      {data.text.trim() === "" ? <Text c="dimmed">This page holds no text.</Text> : null}
      <div className={classes.text}>
        {before}
        {passage ? (
          <mark ref={mark} data-testid="highlight">
            <Supported text={passage} support={support} />
          </mark>
        ) : null}
        {after}
      </div>
    </div>
  );
}

/** A passage, the part that supports a claim in it set apart. */
function Supported({ text, support }: { text: string; support: string | null }) {
  const found = support === null ? undefined : locatePassage([text], support)[0];
  if (!found) return <strong>{text}</strong>;
  return (
    <>
      {text.slice(0, found.start)}
      <strong>{text.slice(found.start, found.end)}</strong>
      {text.slice(found.end)}
    </>
  );
}
