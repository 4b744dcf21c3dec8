import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { plural } from "@/lib/format";
import type { Source } from "@/models";
import classes from "./SourceList.module.css";

interface SourceListProps {
  sources: Source[];
  /** The numbers that the answer cites, in their order there. */
  cited: number[];
  shown: Source | null;
  onShow: (source: Source) => void;
}

/** The passages under an answer: those that it cites, the others on request. */
export function SourceList({ sources, cited, shown, onShow }: SourceListProps) {
  const [all, setAll] = useState(false);
  const used = cited.flatMap((n) => sources.filter((source) => source.n === n));
  const rest = sources.filter((source) => !cited.includes(source.n));
  return (
    <section aria-label="Sources" className={classes.sources}>
      <div className={classes.head}>
        <h3 className={classes.heading}>Sources</h3>
        {rest.length > 0 ? (
          <UnstyledButton className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Only those cited" : `${plural(rest.length, "passage")} more`}
          </UnstyledButton>
        ) : null}
      </div>
      <ul className={classes.list}>
        {[...used, ...(all ? rest : [])].map((source) => (
          <li key={source.n}>
            <UnstyledButton
              className={classes.source}
              aria-label={`Passage ${source.n}: ${source.document_name}, page ${source.page}`}
              data-active={shown?.n === source.n || undefined}
              onClick={() => onShow(source)}
            >
              <span className={classes.number}>{source.n}</span>
              <span className={classes.words}>
                <span className={classes.place}>
                  <span className={classes.name}>{source.document_name}</span>
                  <span className={classes.page}>page {source.page}</span>
                </span>
                <span className={classes.snippet}>{source.snippet}</span>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
