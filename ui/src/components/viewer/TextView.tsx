import { Center, Loader, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useDocumentPage } from "@/api/documents";
import { Failure } from "@/components/Failure";
import { splitAtPassage } from "@/lib/passage";
import classes from "./TextView.module.css";

interface TextViewProps {
  documentId: string;
  page: number;
  /** Code points [start, end) of the page's text to mark; null marks nothing. */
  range: [start: number, end: number] | null;
}

/** One page of a document as the text that was read from it. */
export function TextView({ documentId, page, range }: TextViewProps) {
  const { data, error, refetch } = useDocumentPage(documentId, page);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => mark.current?.scrollIntoView({ block: "center" }), [data, range]);

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
            {passage}
          </mark>
        ) : null}
        {after}
      </div>
    </div>
  );
}
