import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { plural } from "@/lib/format";
import type { Source } from "@/models";
import type { ShowSource } from "./shown";
import classes from "./SourceList.module.css";

interface SourceListProps {
  sources: Source[];
  /** The numbers that the answer cites, in their order there. */
  cited: number[];
  /** The number of the one that is open beside. */
  shown: number | null;
  onShow: ShowSource;
}

/** The passages under an answer: those that it cites, the others on request. */
export function SourceList({ sources, cited, shown, onShow }: SourceListProps) {
  const [all, setAll] = useState(false);
  const used = cited.flatMap((n) => sources.filter((source) => source.n === n));
  const rest = sources.filter((source) => !cited.includes(source.n));
  return (
    <section>
      <div className={classes.head}>
        <h2 className={classes.heading}>Sources</h2>
        {rest.length > 0 ? (
          <UnstyledButton className={classes.more} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Only those cited" : `${plural(rest.length, "passage")} more`}
          </UnstyledButton>
        ) : null}
      </div>
      <ul className={classes.list}>
        {[...used, ...(all ? rest : [])].map((source) => (
          <li key={source.n} className={classes.source} data-active={shown === source.n || undefined}>
            <UnstyledButton className={classes.open} onClick={() => onShow(source, null)}>
              <span className={classes.number}>{source.n}</span>
              <span className={classes.name} dir="auto">
                {source.document_name}
              </span>
              <span className={classes.page}>page {source.page}</span>
            </UnstyledButton>
            <p className={classes.snippet} dir="auto">
              {source.snippet}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
