import type { Condition, SearchRequest } from "@/models";
import { faultOfCondition } from "./conditions";
import type { Picked } from "./picked";

/** Which ways a search goes: words (BM25), meaning (vectors), or both with their scores brought together. */
export type Lanes = "hybrid" | "bm25" | "dense";

/** A search as the page's form and its address hold it. */
export interface SearchForm {
  query: string;
  lanes: Lanes;
  /** None: all. */
  collections: string[];
  where: Condition | null;
  limit: number;
  fusion: "convex" | "rrf";
  /** From 0 to 1; words have the rest. */
  denseWeight: number;
  rrfK: number;
  candidates: number;
  /** At most so many of one document; null: as many as fit. */
  perDocument: number | null;
  neighbours: number;
  /** The cross-encoder that scores the best candidates anew. */
  rerank: string | null;
  rerankCandidates: number;
  /** Hits of one document are shown together. */
  grouped: boolean;
  explain: boolean;
}

export const EMPTY_SEARCH: SearchForm = {
  query: "",
  lanes: "hybrid",
  collections: [],
  where: null,
  limit: 10,
  fusion: "convex",
  denseWeight: 0.5,
  rrfK: 60,
  candidates: 100,
  perDocument: null,
  neighbours: 0,
  rerank: null,
  rerankCandidates: 50,
  grouped: false,
  explain: false,
};

/** Characters of a hit that are shown at first. */
const SNIPPET = 320;

/** The function that a search calls, and what it is asked. */
export function requestOf(form: SearchForm): { fn: `search_${Lanes}`; body: SearchRequest } {
  const { lanes, fusion, denseWeight, rrfK } = form;
  const body: SearchRequest = {
    query: form.query,
    collection_ids: form.collections,
    limit: form.limit,
    candidates: form.candidates,
    neighbours: form.neighbours,
    snippet_characters: SNIPPET,
    explain: form.explain,
  };
  if (form.where) body.filter = { where: form.where };
  if (form.perDocument !== null) body.per_document = form.perDocument;
  if (lanes === "hybrid") body.fusion = { method: fusion, dense_weight: denseWeight, rrf_k: rrfK };
  if (form.rerank !== null) body.rerank = { model: form.rerank, candidates: form.rerankCandidates };
  return { fn: `search_${lanes}`, body };
}

/** The search in those of its collections that are there; null when none is: all are not what was asked for. */
export function searchIn(form: SearchForm, { there, gone }: Picked): SearchForm | null {
  if (gone.length === 0) return form;
  return there.length === 0 ? null : { ...form, collections: there };
}

type Names = Partial<Record<keyof SearchForm, string>>;

/** What a field is called in the address. */
const NUMBERS = {
  limit: ["limit", 1, 100],
  denseWeight: ["weight", 0, 1],
  rrfK: ["k", 1, 1000],
  candidates: ["candidates", 1, 1000],
  neighbours: ["near", 0, 5],
  rerankCandidates: ["reranked", 1, 200],
} as const satisfies Partial<Record<keyof SearchForm, [string, number, number]>>;
const FLAGS = { grouped: "grouped", explain: "explain" } as const satisfies Names;
const LONGEST_QUERY = 16_384;

/** The address of a search: only what differs from the usual. */
export function writeSearch(form: SearchForm): URLSearchParams {
  const params = new URLSearchParams();
  if (form.query !== "") params.set("q", form.query);
  if (form.lanes !== EMPTY_SEARCH.lanes) params.set("lanes", form.lanes);
  for (const id of form.collections) params.append("in", id);
  if (form.where) params.set("where", JSON.stringify(form.where));
  if (form.fusion !== EMPTY_SEARCH.fusion) params.set("fusion", form.fusion);
  if (form.perDocument !== null) params.set("each", String(form.perDocument));
  if (form.rerank !== null) params.set("rerank", form.rerank);
  for (const [key, [name]] of entriesOf(NUMBERS))
    if (form[key] !== EMPTY_SEARCH[key]) params.set(name, String(form[key]));
  for (const [key, name] of entriesOf(FLAGS)) if (form[key]) params.set(name, "1");
  return params;
}

/** The search of an address, which anybody may have written: what makes no sense in it is left out. */
export function readSearch(params: URLSearchParams): SearchForm {
  const form: SearchForm = { ...EMPTY_SEARCH };
  form.query = (params.get("q") ?? "").slice(0, LONGEST_QUERY);
  form.collections = params.getAll("in").slice(0, 200);
  form.where = readCondition(params.get("where"));
  form.rerank = params.get("rerank")?.slice(0, 200) || null;
  const lanes = params.get("lanes");
  if (lanes === "bm25" || lanes === "dense") form.lanes = lanes;
  if (params.get("fusion") === "rrf") form.fusion = "rrf";
  form.perDocument = numberWithin(params.get("each"), 1, 100);
  for (const [key, [name, least, most]] of entriesOf(NUMBERS)) {
    form[key] = numberWithin(params.get(name), least, most, key !== "denseWeight") ?? EMPTY_SEARCH[key];
  }
  for (const [key, name] of entriesOf(FLAGS)) form[key] = params.get(name) === "1";
  return form;
}

function entriesOf<T extends object>(record: T): [keyof T, T[keyof T]][] {
  return Object.entries(record) as [keyof T, T[keyof T]][];
}

function numberWithin(text: string | null, least: number, most: number, whole = true): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return value >= least && value <= most && (!whole || Number.isInteger(value)) ? value : null;
}

function readCondition(text: string | null): Condition | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Condition;
    return faultOfCondition(value) === null ? value : null;
  } catch {
    return null;
  }
}

/** How many of the options differ from the usual, for a button behind which they are folded. */
export function changedOptions(form: SearchForm): number {
  const keys = ["limit", "candidates", "perDocument", "neighbours", "rerank"] as const;
  const hybrid = ["fusion", ...(form.fusion === "rrf" ? (["rrfK"] as const) : []), "denseWeight"] as const;
  const shown = [...keys, ...(form.lanes === "hybrid" ? hybrid : [])];
  return shown.filter((key) => form[key] !== EMPTY_SEARCH[key]).length;
}
