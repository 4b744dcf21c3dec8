import type { Document, DocumentCounts, DocumentState } from "@/models";

/** What is being done for a document: its first ingestion, or a newer content of it while the old one is searched. */
export interface Work {
  status: "pending" | "indexing" | "failed";
  stage: string | null;
  /** From 0 to 1. */
  progress: number;
  error: string | null;
  runId: string | null;
  /** There is an older content that can be searched until this is done. */
  updating: boolean;
  /** It is found by words, and waits for its turn to be embedded. */
  awaitsMeaning: boolean;
}

/** The work that is under way or has failed; null when nothing is left to do. */
export function workOf(document: Document): Work | null {
  const { status, update } = document;
  if (status !== "complete") return workFrom(status, document, false);
  return update ? workFrom(update.status, update, true) : null;
}

type Report = Pick<Document, "stage" | "progress" | "error" | "run_id"> & Partial<Pick<Document, "searchable_by">>;

function workFrom(status: Work["status"], report: Report, updating: boolean): Work {
  const { stage, progress, error, run_id, searchable_by = [] } = report;
  const words = error ?? (status === "failed" ? "It could not be read." : null);
  const awaitsMeaning = !updating && status === "indexing" && !stage && searchable_by.includes("words");
  return { status, stage: stage ?? null, progress, error: words, runId: run_id ?? null, updating, awaitsMeaning };
}

export function isUnderWay(document: Document): boolean {
  const work = workOf(document);
  return work !== null && work.status !== "failed";
}

export function hasFailed(document: Document): boolean {
  return workOf(document)?.status === "failed";
}

/** True when something of it can be opened. An archive has no pages: its members are documents of their own. */
export function isReadable({ status, searchable_by = [], page_count }: Document): boolean {
  return page_count > 0 && (status === "complete" || searchable_by.length > 0);
}

export type StatusFilter = DocumentState | "all";
export const STATUS_FILTERS: readonly StatusFilter[] = ["all", "underway", "complete", "failed", "warnings"];

const FILTERS: Record<StatusFilter, (document: Document) => boolean> = {
  all: () => true,
  underway: isUnderWay,
  complete: ({ status }) => status === "complete",
  failed: hasFailed,
  warnings: ({ warnings = [] }) => warnings.length > 0,
};

export function withStatus(documents: readonly Document[], filter: StatusFilter): Document[] {
  return documents.filter(FILTERS[filter]);
}

/** How many documents each filter lets through, and how far those under way are as a whole, from 0 to 1. */
export interface Standing {
  counts: Record<StatusFilter, number>;
  /** null when none is under way. */
  progress: number | null;
}

/** The standing of documents that are all there. */
export function standingOf(documents: readonly Document[]): Standing {
  const counts = { all: 0, underway: 0, complete: 0, failed: 0, warnings: 0 };
  for (const document of documents)
    for (const filter of STATUS_FILTERS) if (FILTERS[filter](document)) counts[filter] += 1;
  return { counts, progress: progressOf(documents) };
}

/** The standing of a collection as the server counts it. */
export function standingFrom({ documents, progress, ...counts }: DocumentCounts): Standing {
  return { counts: { ...counts, all: documents }, progress: progress ?? null };
}

export interface Step {
  name: string;
  state: "done" | "current" | "waiting";
}

/** The stages of an ingestion as people call them, and the server's names for them. */
const STAGES: readonly [name: string, stages: readonly string[]][] = [
  ["Reading", ["parsing", "expanding"]],
  ["Cutting", ["chunking"]],
  ["Words", ["indexing"]],
  ["Meaning", ["embedding"]],
  ["Storing", ["storing"]],
];

const stageAt = (stage: string | null) =>
  STAGES.findIndex(([, stages]) => stages.some((name) => stage?.startsWith(name)));

/** How far the work is in its stages. */
export function stepsOf({ status, stage, awaitsMeaning }: Pick<Work, "status" | "stage" | "awaitsMeaning">): Step[] {
  const at = status === "pending" ? -1 : stageAt(awaitsMeaning ? "embedding" : stage);
  const current = awaitsMeaning ? "waiting" : "current";
  return STAGES.map(([name], index) => ({
    name,
    state: at === -1 || index > at ? "waiting" : index < at ? "done" : current,
  }));
}

const DOING: Record<string, string> = { Words: "Indexing words", Meaning: "Embedding" };

/** The work in a word or two. */
export function workInWords({ status, stage, progress, awaitsMeaning }: Work): string {
  if (status === "pending" || awaitsMeaning) return "Waiting";
  if (status === "failed") return "Failed";
  const known = STAGES[stageAt(stage)]?.[0];
  const other = stage ? stage.charAt(0).toUpperCase() + stage.slice(1) : "Working";
  return `${known ? (DOING[known] ?? known) : other} ${Math.round(progress * 100)} %`;
}

/** What it can be found by, as long as that is not all. */
export function searchableInWords({ searchable_by = [] }: Document): string {
  if (searchable_by.length === 0) return "Not searchable yet";
  return `Searchable by ${searchable_by.join(" and ")}`;
}

function progressOf(documents: readonly Document[]): number | null {
  const shares = documents.flatMap((document) => (isUnderWay(document) ? [workOf(document)?.progress ?? 0] : []));
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const SOON_MS = 1_000;
const SELDOM_MS = 20_000;
const LONGEST_MS = 120_000;

/**
 * How long to wait before a list is asked for again. Each of its pages is a request: the more there are, the rarer. While
 * nothing moves the waits grow, up to ten seconds a page.
 * @param still milliseconds since the list last changed
 */
export function pollDelay({ busy, pages, still }: { busy: boolean; pages: number; still: number }): number {
  const alone = busy ? Math.min(SOON_MS + still / 4, SELDOM_MS / 2) : SELDOM_MS;
  return Math.min(LONGEST_MS, Math.round(alone * Math.max(1, pages)));
}
