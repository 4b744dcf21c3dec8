/** What was done to a page, to be undone and done again. Pure. */
import type { PageDefinition } from "@/models";

export interface PageHistory {
  past: readonly PageDefinition[];
  now: PageDefinition;
  future: readonly PageDefinition[];
  /** What the last change was of: another of the same goes together with it, as letters of a word do. */
  merge: string | null;
}

const MOST = 200;

export function historyOfPage(page: PageDefinition): PageHistory {
  return { past: [], now: page, future: [], merge: null };
}

export function changed(history: PageHistory, page: PageDefinition, merge: string | null): PageHistory {
  if (page === history.now) return history;
  const together = merge !== null && merge === history.merge;
  const past = together ? history.past : [...history.past, history.now].slice(-MOST);
  return { past, now: page, future: [], merge };
}

export function undone({ past, now, future }: PageHistory): PageHistory | null {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future], merge: null } : null;
}

export function redone({ past, now, future }: PageHistory): PageHistory | null {
  const [next, ...rest] = future;
  return next ? { past: [...past, now], now: next, future: rest, merge: null } : null;
}
