import { UnstyledButton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { SideDrawer } from "@/components/SideDrawer";
import { type FoundPassage, pagesInWords } from "@/lib/tryit/values";
import classes from "./Tryit.module.css";

const DocumentViewer = lazy(async () => ({
  default: (await import("@/components/viewer/DocumentViewer")).DocumentViewer,
}));

const SHOWN = 20;

/** Passages of documents, each with the page that it stands on; the page opens beside. */
export function PassageList({ passages, label }: { passages: readonly FoundPassage[]; label: string }) {
  const [shown, setShown] = useState(SHOWN);
  const [opened, open] = useState<FoundPassage | null>(null);
  const hidden = passages.length - shown;
  return (
    <>
      <ol className={classes.passages} aria-label={label}>
        {passages.slice(0, shown).map((passage, index) => (
          <li key={`${passage.chunkId ?? ""} ${index}`}>
            <div className={classes.passageHead}>
              <UnstyledButton className={classes.document} onClick={() => open(passage)}>
                <bdi>{passage.documentName}</bdi>
              </UnstyledButton>
              <span>{pagesInWords(passage)}</span>
              {passage.score === null ? null : (
                <span className={`${classes.score ?? ""} tabular`}>{passage.score.toFixed(3)}</span>
              )}
            </div>
            <p className={classes.passage} dir="auto">
              {passage.text}
            </p>
          </li>
        ))}
      </ol>
      {hidden > 0 ? (
        <UnstyledButton className={classes.rest} onClick={() => setShown(shown + 100)}>
          {`Show ${Math.min(100, hidden)} of ${hidden} more`}
        </UnstyledButton>
      ) : null}
      <SideDrawer
        label="Document"
        opened={opened !== null}
        onClose={() => open(null)}
        position="right"
        size="min(760px, 100%)"
      >
        <Suspense fallback={null}>{opened ? <Opened passage={opened} onClose={() => open(null)} /> : null}</Suspense>
      </SideDrawer>
    </>
  );
}

function Opened({
  passage: { documentId, documentName, place, text },
  onClose,
}: {
  passage: FoundPassage;
  onClose: () => void;
}) {
  return (
    <DocumentViewer
      key={documentId}
      documentId={documentId}
      name={documentName}
      passage={
        place && {
          page: place.page,
          page_end: place.pageEnd,
          start: place.start,
          end: place.end,
          snippet: text,
          claim: null,
        }
      }
      onClose={onClose}
    />
  );
}
