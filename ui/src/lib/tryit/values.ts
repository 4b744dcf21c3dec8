/** How a value that a node took or gave can be looked at, beside its JSON. Pure. */
import { isObject, type JsonObject } from "@/lib/json";

export type View = "passages" | "text" | "table" | "json";

/** A passage of a document, as searches and sources tell it. */
export interface FoundPassage {
  documentId: string;
  documentName: string;
  /** Null where it says no page, or not where on it. */
  place: { page: number; pageEnd: number; start: number; end: number } | null;
  chunkId: string | null;
  score: number | null;
  text: string;
}

export interface Table {
  columns: string[];
  rows: JsonObject[];
}

export interface Looks {
  passages: FoundPassage[] | null;
  text: string | null;
  table: Table | null;
}

// Wider than this a table is harder to read than a tree.
const MOST_COLUMNS = 16;

export function looksOf(value: unknown): Looks {
  const list = listIn(value);
  return { passages: list && passagesOf(list), text: textOf(value), table: list && tableOf(list) };
}

/** The ways to look at it, the best first. */
export function viewsOf({ passages, text, table }: Looks): View[] {
  return [
    ...(text !== null ? (["text"] as const) : []),
    ...(passages ? (["passages"] as const) : []),
    ...(table ? (["table"] as const) : []),
    "json",
  ];
}

/** A list, or the only list of objects that an object holds: the hits of a search. */
function listIn(value: unknown): JsonObject[] | null {
  if (Array.isArray(value)) return value.length > 0 && value.every(isObject) ? value : null;
  if (!isObject(value)) return null;
  const lists = Object.values(value).filter(
    (held): held is JsonObject[] => Array.isArray(held) && held.length > 0 && held.every(isObject),
  );
  return lists.length === 1 ? (lists[0] ?? null) : null;
}

function passagesOf(list: readonly JsonObject[]): FoundPassage[] | null {
  const passages = list.map((item) => {
    const text = typeof item["text"] === "string" ? item["text"] : item["snippet"];
    const { document_id: id, document_name: name, chunk_id: chunk } = item;
    if (typeof text !== "string" || typeof name !== "string" || typeof id !== "string") return null;
    return {
      documentId: id,
      documentName: name,
      place: placeOf(item),
      chunkId: typeof chunk === "string" ? chunk : null,
      score: numberOf(item["score"]),
      text,
    };
  });
  return passages.every((passage) => passage !== null) ? passages : null;
}

function placeOf({ page, page_end: pageEnd, start, end }: JsonObject): FoundPassage["place"] {
  if (typeof page !== "number") return null;
  const last = numberOf(pageEnd) ?? page;
  return { page, pageEnd: last, start: numberOf(start) ?? 0, end: numberOf(end) ?? 0 };
}

const numberOf = (value: unknown) => (typeof value === "number" ? value : null);

/** A text, or the one that an object is about: `text` of a model's result, `answer` of a run's, or its only field. */
function textOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (!isObject(value)) return null;
  const fields = Object.values(value);
  const named = [value["text"], value["answer"]].find((held) => typeof held === "string");
  const text = named ?? (fields.length === 1 ? fields[0] : null);
  return typeof text === "string" && text !== "" ? text : null;
}

function tableOf(rows: JsonObject[]): Table | null {
  const columns = [...new Set(rows.slice(0, 200).flatMap((row) => Object.keys(row)))];
  return columns.length > 0 && columns.length <= MOST_COLUMNS ? { columns, rows } : null;
}

/** A value in a cell of a table. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `pages 3–4`, `page 3`; nothing where no page is told. */
export function pagesInWords({ place }: Pick<FoundPassage, "place">): string {
  if (place === null) return "";
  return place.pageEnd === place.page ? `page ${place.page}` : `pages ${place.page}–${place.pageEnd}`;
}
