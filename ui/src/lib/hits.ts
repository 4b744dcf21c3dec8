import type { HitExplanation, LaneExplanation, SearchExplanation, SearchHit } from "@/models";
import { isObject, summary } from "./json";

/** `page 3`, `pages 3–4`. */
export function pagesInWords({ page, page_end }: Pick<SearchHit, "page" | "page_end">): string {
  return page_end > page ? `pages ${page}–${page_end}` : `page ${page}`;
}

/** A hit with its place in the order. */
export interface Ranked {
  rank: number;
  hit: SearchHit;
}

/** Hits by document: a document stands where its best hit does. */
export function byDocument(hits: readonly SearchHit[]): { documentId: string; name: string; hits: Ranked[] }[] {
  const groups = new Map<string, { documentId: string; name: string; hits: Ranked[] }>();
  hits.forEach((hit, index) => {
    const known = groups.get(hit.document_id);
    const ranked = { rank: index + 1, hit };
    if (known) known.hits.push(ranked);
    else groups.set(hit.document_id, { documentId: hit.document_id, name: hit.document_name, hits: [ranked] });
  });
  return [...groups.values()];
}

/** A score as people compare it: three digits that count. */
export function scoreInWords(score: number | null | undefined): string {
  if (score === null || score === undefined) return "–";
  if (score !== 0 && Math.abs(score) < 0.001) return score.toExponential(1);
  return Math.abs(score) >= 100 ? score.toFixed(0) : score.toPrecision(3);
}

export interface TermShare {
  term: string;
  score: number;
  /** Of the greatest, from 0 to 1. */
  share: number;
}

/** What each term gave to the score by words, the most first. */
export function termsOf({ terms = {} }: HitExplanation): TermShare[] {
  const most = Math.max(...Object.values(terms), 0);
  return Object.entries(terms)
    .map(([term, score]) => ({ term, score, share: most > 0 ? Math.max(0, score / most) : 0 }))
    .sort((a, b) => b.score - a.score);
}

/** The query as it was understood, as rows of a name and a few texts each; what is empty is left out. */
export function queryFacts({ query }: Pick<SearchExplanation, "query">): { name: string; values: string[] }[] {
  return Object.entries(query).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).flatMap(textsOf);
    return values.length === 0 ? [] : [{ name: name.replaceAll("_", " "), values }];
  });
}

function textsOf(value: unknown): string[] {
  if (value === null || value === undefined || value === "" || value === false) return [];
  if (Array.isArray(value)) return value.length === 0 ? [] : [value.flatMap(textsOf).join(" ")];
  if (isObject(value)) {
    const members = Object.entries(value).flatMap(([key, one]) => textsOf(one).map((text) => `${key} ${text}`));
    return members.length === 0 ? [] : [members.join(", ")];
  }
  return [summary(value)];
}

const LANES: Record<string, string> = { bm25: "Words", dense: "Meaning" };

/** The lanes of a search as people call them. Of several by meaning (`dense`, `dense:<model>`) each is named after its model. */
export function lanesOf({ lanes }: Pick<SearchExplanation, "lanes">): { name: string; lane: LaneExplanation }[] {
  const kindOf = (key: string) => key.split(":", 1)[0] ?? key;
  const kinds = Object.keys(lanes).map(kindOf);
  return Object.entries(lanes).map(([key, lane]) => {
    const kind = kindOf(key);
    const model = lane.details?.["model"];
    const alone = kinds.filter((other) => other === kind).length === 1;
    const name = LANES[kind] ?? kind;
    return { name: alone || typeof model !== "string" ? name : `${name} by ${model}`, lane };
  });
}

/** `0.04 ms`, `3.4 ms`, `27 ms`: finer than people wait, as stages are compared. */
export function stageInWords(ms: number): string {
  return `${ms === 0 ? "0" : ms < 0.1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

export interface StageTime {
  stage: string;
  ms: number;
  /** Of all stages, from 0 to 1. */
  share: number;
}

/** The stages of a search in the order in which they were told. */
export function stagesOf({ stages_ms }: Pick<SearchExplanation, "stages_ms">): { total: number; stages: StageTime[] } {
  const total = Object.values(stages_ms).reduce((sum, ms) => sum + ms, 0);
  const stages = Object.entries(stages_ms).map(([stage, ms]) => ({ stage, ms, share: total > 0 ? ms / total : 0 }));
  return { total, stages };
}
