import { UnstyledButton } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import type { Passage } from "@/lib/marks";
import classes from "./PageStrip.module.css";

interface PageStripProps {
  pages: number;
  page: number;
  passage: Passage | null;
  onPage: (page: number) => void;
  /** A small picture of a page; without it a page is a number. */
  picture?: (page: number) => ReactNode;
}

/** The pages of a document, one under the other, with a dot at those that hold the passage. */
export function PageStrip({ pages, page, passage, onPage, picture }: PageStripProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [page]);
  const marked = (n: number) => passage !== null && n >= passage.page && n <= passage.page_end;
  return (
    <nav className={classes.strip} aria-label="Pages">
      <ol ref={list} className={classes.list}>
        {Array.from({ length: pages }, (_, index) => index + 1).map((n) => (
          <li key={n} className={classes.item} data-pictured={picture ? true : undefined}>
            <UnstyledButton
              className={classes.button}
              aria-label={`Page ${n}${marked(n) ? ", holds the passage" : ""}`}
              aria-current={n === page ? "page" : undefined}
              onClick={() => onPage(n)}
            >
              {picture ? <span className={classes.picture}>{picture(n)}</span> : null}
              <span className={`${classes.number ?? ""} tabular`} data-marked={marked(n) || undefined}>
                {n}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </nav>
  );
}
