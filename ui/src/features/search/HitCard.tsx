import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Highlighted } from "@/components/Highlighted";
import { trimmed } from "@/lib/highlights";
import { pagesInWords, scoreInWords } from "@/lib/hits";
import type { SearchHit } from "@/models";
import classes from "./HitCard.module.css";
import { HitExplanationView } from "./HitExplanationView";

interface HitCardProps {
  rank: number;
  hit: SearchHit;
  /** It is open beside. */
  active: boolean;
  /** It stands under its document's name. */
  within?: boolean;
  onShow: () => void;
}

/** A passage that was found: where it stands, its best part, and what it scored. */
export function HitCard({ rank, hit, active, within = false, onShow }: HitCardProps) {
  const [opened, setOpened] = useState<"context" | "scores" | null>(null);
  const { before = [], after = [], snippet, explanation, headings } = hit;
  const neighbours = before.length + after.length > 0;
  const toggle = (part: "context" | "scores") => setOpened(opened === part ? null : part);
  const place = pagesInWords(hit);
  return (
    <article className={classes.hit} data-active={active || undefined} aria-label={`Hit ${rank}`}>
      <div className={classes.open}>
        <div className={classes.head}>
          <span className={`${classes.rank ?? ""} tabular`}>{rank}</span>
          <UnstyledButton className={classes.title} aria-label={`Open ${hit.document_name}, ${place}`} onClick={onShow}>
            {within ? null : (
              <span className={classes.name} dir="auto" title={hit.document_name}>
                {hit.document_name}
              </span>
            )}
            <span className={classes.page}>{place}</span>
          </UnstyledButton>
          <span className={`${classes.score ?? ""} tabular`} title="What the hits are ordered by">
            {scoreInWords(hit.score)}
          </span>
        </div>
        {headings.length > 0 ? (
          <p className={classes.path} dir="auto">
            {headings.join(" › ")}
          </p>
        ) : null}
        {opened === "context" ? null : (
          <p className={classes.snippet} dir="auto" data-cut={snippet ? undefined : true}>
            {snippet ? <Snippet hit={hit} /> : hit.text}
          </p>
        )}
      </div>
      {opened === "context" ? (
        <div className={classes.context}>
          {before.map((text, index) => (
            <p key={`before ${index}`} dir="auto">
              {text}
            </p>
          ))}
          <p className={classes.whole} dir="auto">
            {hit.text}
          </p>
          {after.map((text, index) => (
            <p key={`after ${index}`} dir="auto">
              {text}
            </p>
          ))}
        </div>
      ) : null}
      {neighbours || explanation ? (
        <div className={classes.actions}>
          {explanation ? (
            <Fold open={opened === "scores"} onToggle={() => toggle("scores")}>
              Scores
            </Fold>
          ) : null}
          {neighbours ? (
            <Fold open={opened === "context"} onToggle={() => toggle("context")}>
              Context
            </Fold>
          ) : null}
          {explanation ? <Lanes hit={hit} /> : null}
        </div>
      ) : null}
      {opened === "scores" && explanation ? <HitExplanationView hit={hit} explanation={explanation} /> : null}
    </article>
  );
}

/** The hit's best part, with dots where it was cut. */
function Snippet({ hit: { snippet, text } }: { hit: SearchHit }) {
  if (!snippet) return null;
  const cutBefore = snippet.start > 0;
  const cutAfter = !text.trimEnd().endsWith(snippet.text.trimEnd());
  return (
    <>
      {cutBefore ? "… " : null}
      <Highlighted {...trimmed(snippet)} />
      {cutAfter ? " …" : null}
    </>
  );
}

/** Which lanes found it, and at which place. */
function Lanes({ hit: { explanation, rerank_score } }: { hit: SearchHit }) {
  const lanes = [
    ["words", explanation?.bm25_rank],
    ["meaning", explanation?.dense_rank],
  ] as const;
  const found = lanes.flatMap(([name, rank]) => (typeof rank === "number" ? [`${name} #${rank}`] : []));
  if (typeof rerank_score === "number") found.push("reranked");
  return <span className={`${classes.lanes ?? ""} tabular`}>{found.join(" · ")}</span>;
}

function Fold({ open, onToggle, children }: { open: boolean; onToggle: () => void; children: string }) {
  return (
    <UnstyledButton className={classes.fold} aria-expanded={open} onClick={onToggle}>
      {children}
    </UnstyledButton>
  );
}
