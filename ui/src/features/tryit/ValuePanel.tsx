import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { JsonTree } from "@/components/JsonTree";
import { cellOf, looksOf, type Table, type View, viewsOf } from "@/lib/tryit/values";
import { PassageList } from "./PassageList";
import classes from "./Tryit.module.css";

const MarkdownText = lazy(() => import("@/components/MarkdownText"));

const WORDS: Record<View, string> = { passages: "Passages", text: "Text", table: "Table", json: "JSON" };

/** A value that a node or a run took or gave, in the form in which it is read best; the others are a click away. */
export function ValuePanel({ value, label }: { value: unknown; label: string }) {
  const looks = useMemo(() => looksOf(value), [value]);
  const views = viewsOf(looks);
  const [chosen, choose] = useState<View | null>(null);
  const view = chosen !== null && views.includes(chosen) ? chosen : (views[0] ?? "json");
  return (
    <div className={classes.value}>
      {views.length > 1 ? (
        <SegmentedControl
          size="xs"
          aria-label={`${label} as`}
          data={views.map((one) => ({ value: one, label: WORDS[one] }))}
          value={view}
          onChange={(next) => choose(next)}
        />
      ) : null}
      {view === "passages" && looks.passages ? <PassageList passages={looks.passages} label={label} /> : null}
      {view === "text" && looks.text !== null ? <Written text={looks.text} label={label} /> : null}
      {view === "table" && looks.table ? <Rows table={looks.table} label={label} /> : null}
      {view === "json" ? <JsonTree value={value} label={label} /> : null}
    </div>
  );
}

// A longer text would hold the page up while it is read as Markdown.
const LONGEST_MARKDOWN = 60_000;

function Written({ text, label }: { text: string; label: string }) {
  const plain = (
    <p className={classes.plain} dir="auto">
      {text}
    </p>
  );
  return (
    <div className={classes.written} role="group" aria-label={label} tabIndex={0}>
      {text.length > LONGEST_MARKDOWN ? (
        plain
      ) : (
        <Suspense fallback={plain}>
          <MarkdownText text={text} />
        </Suspense>
      )}
    </div>
  );
}

const MOST_ROWS = 200;

function Rows({ table: { columns, rows }, label }: { table: Table; label: string }) {
  return (
    <div className={classes.tableBox} role="region" aria-label={label} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>{cellOf(row[column]).slice(0, 400)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS ? (
        <p className={classes.rest}>{`${rows.length - MOST_ROWS} more rows are in the JSON.`}</p>
      ) : null}
    </div>
  );
}
