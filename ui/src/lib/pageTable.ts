/** Rows of a page's table as cells of words. Pure. */
import type { PageColumn } from "@/models";
import { nameInWords } from "./format";
import { isObject } from "./json";
import { asText, lookUp } from "./pageValues";

/** What is drawn of a table. */
export const MOST_ROWS = 500;
const MOST_COLUMNS = 12;
const LONGEST_CELL = 2_000;

export interface TableView {
  columns: { field: string; title: string }[];
  rows: { value: unknown; cells: string[] }[];
  /** Rows that there are beyond those. */
  hidden: number;
}

/** @param given a list of objects, of lists, or of plain values */
export function tableOf(given: unknown, columns: readonly PageColumn[]): TableView {
  const all: unknown[] = Array.isArray(given) ? given : [];
  const shown = all.slice(0, MOST_ROWS);
  const named =
    columns.length > 0 ? columns.map(({ field, title }) => ({ field, title: title || titleOf(field) })) : [];
  const used = named.length > 0 ? named : columnsOf(shown);
  return {
    columns: used,
    rows: shown.map((value) => ({ value, cells: used.map(({ field }) => cellOf(value, field)) })),
    hidden: all.length - shown.length,
  };
}

function columnsOf(rows: readonly unknown[]): TableView["columns"] {
  const fields = new Set<string>();
  for (const row of rows) {
    if (isObject(row)) Object.keys(row).forEach((field) => fields.add(field));
    else if (Array.isArray(row)) row.forEach((_, index) => fields.add(String(index)));
    else fields.add("");
  }
  return [...fields].slice(0, MOST_COLUMNS).map((field) => ({ field, title: titleOf(field) }));
}

function cellOf(row: unknown, field: string): string {
  if (field === "") return asText(row).slice(0, LONGEST_CELL);
  // A field's name may have a dot in it.
  const direct = isObject(row) && Object.hasOwn(row, field) ? row[field] : lookUp(field, row);
  return asText(direct).slice(0, LONGEST_CELL);
}

function titleOf(field: string): string {
  if (/^\d+$/.test(field)) return `Column ${Number(field) + 1}`;
  return nameInWords(field.replaceAll(".", " ")) || "Value";
}
