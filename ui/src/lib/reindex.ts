import type { Chunking, Collection, Model, ReindexRequest, ReindexResult } from "@/models";
import { formatDuration, nameInWords, plural } from "./format";

export type Strategy = NonNullable<Chunking["strategy"]>;

/** How a collection's documents are to be cut and embedded, as it is typed. Empty figures: left to the platform. */
export interface IndexDraft {
  strategy: Strategy;
  maxTokens: string;
  overlap: string;
  embedder: string;
  language: string;
}

export const STRATEGIES: Record<Strategy, { label: string; about: string }> = {
  structure: { label: "By structure", about: "Headings, paragraphs and tables stay together." },
  sentences: { label: "By sentences", about: "Whole sentences, as many as fit." },
  tokens: { label: "By length", about: "Windows of a fixed number of tokens." },
  pages: { label: "By page", about: "One passage a page, cut where it is too long." },
};

export function draftOf({ chunking, embedder, language }: Collection): IndexDraft {
  const { strategy = "structure", max_tokens, overlap_tokens } = chunking;
  const write = (tokens: number | null | undefined) => (typeof tokens === "number" ? String(tokens) : "");
  return { strategy, maxTokens: write(max_tokens), overlap: write(overlap_tokens), embedder, language };
}

const LIMITS = { maxTokens: [16, 8192], overlap: [0, 512] } as const;

/** What is wrong with a draft, by field. */
export function faultsOf(draft: IndexDraft): Partial<Record<keyof IndexDraft, string>> {
  const faults: Partial<Record<keyof IndexDraft, string>> = {};
  for (const field of ["maxTokens", "overlap"] as const) {
    const [least, most] = LIMITS[field];
    const value = readTokens(draft[field]);
    if (value !== null && !(Number.isInteger(value) && value >= least && value <= most))
      faults[field] = `A whole number from ${least} to ${most.toLocaleString("en")}.`;
  }
  const longest = readTokens(draft.maxTokens);
  const overlap = readTokens(draft.overlap);
  if (!faults.maxTokens && !faults.overlap && longest !== null && overlap !== null && overlap > longest / 2)
    faults.overlap = "At most half of the longest passage.";
  return faults;
}

function readTokens(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

/** What a draft changes of a collection; null when nothing. */
export function changeOf(collection: Collection, draft: IndexDraft): ReindexRequest | null {
  const now = draftOf(collection);
  const request: ReindexRequest = { collection_id: collection.id };
  const { strategy, maxTokens, overlap, embedder, language } = draft;
  const chunking: Chunking = {
    strategy,
    max_tokens: readTokens(maxTokens),
    overlap_tokens: readTokens(overlap),
  };
  const cut = strategy !== now.strategy || maxTokens.trim() !== now.maxTokens || overlap.trim() !== now.overlap;
  if (cut) request.chunking = chunking;
  if (embedder !== now.embedder) request.embedder = embedder;
  if (language !== now.language) request.language = language;
  return Object.keys(request).length > 1 ? request : null;
}

/** What a change costs, in a sentence. */
export function costInWords({ documents, chunks, tokens, seconds }: ReindexResult): string {
  const cut = documents > 0 ? `${plural(documents, "document is", "documents are")} cut anew` : "";
  const vectors =
    chunks > 0
      ? `${documents > 0 ? "about " : ""}${plural(chunks, "passage gets a new vector", "passages get new vectors")} (${plural(tokens, "token")})`
      : "";
  const work = [cut, vectors].filter((part) => part !== "").join(", ");
  if (work === "") return "Costs next to nothing: no document is cut anew and no vector made.";
  return `${work}: ${seconds < 1 ? "less than a second" : `about ${formatDuration(seconds * 1000)}`}.`;
}

/** The models that can embed; one that is in use is always among them. */
export function embeddersOf(models: readonly Model[], current: string): { value: string; label: string }[] {
  const known = models.filter(({ kind }) => kind === "embedding");
  const options = known.map(({ id, dimensions, max_tokens }) => ({
    value: id,
    label: [
      id,
      ...(dimensions ? [`${dimensions} dimensions`] : []),
      ...(max_tokens ? [`up to ${max_tokens.toLocaleString("en")} tokens`] : []),
    ].join(" · "),
  }));
  return known.some(({ id }) => id === current) ? options : [{ value: current, label: current }, ...options];
}

/** PostgreSQL's own text-search configurations; `simple` has neither stems nor stop words. */
const LANGUAGES =
  "arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil turkish yiddish".split(
    " ",
  );

export function languageOptions(current: string): { value: string; label: string }[] {
  const others = ["simple", ...LANGUAGES].includes(current) ? [] : [{ value: current, label: nameInWords(current) }];
  return [
    ...others,
    { value: "simple", label: "Any (words as they are written)" },
    ...LANGUAGES.map((name) => ({ value: name, label: nameInWords(name) })),
  ];
}
