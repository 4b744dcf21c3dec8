import type { Passage } from "@/components/viewer/DocumentViewer";
import type { Message, Source } from "@/models";

/** A source that is open beside the thread, with the sentence of the answer that it was opened from. */
export interface ShownSource {
  source: Source;
  claim: string | null;
}

export type ShowSource = (source: Source, claim: string | null) => void;

export function passageOf({ source, claim }: ShownSource): Passage {
  return { ...source, claim };
}

/** The source of an address, from no sentence; null when no answer has it. */
export function sourceOf(messages: readonly Message[], chunkId: string | null): ShownSource | null {
  const source = messages.flatMap(({ sources }) => sources).findLast(({ chunk_id }) => chunk_id === chunkId);
  return source ? { source, claim: null } : null;
}

/** The number by which an answer knows the source that is open; null when the open one is not among its sources. */
export function shownNumber(sources: readonly Source[], shown: ShownSource | null): number | null {
  const same = sources.find((source) => source.n === shown?.source.n && source.chunk_id === shown.source.chunk_id);
  return same?.n ?? null;
}
