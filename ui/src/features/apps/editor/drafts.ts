import { useSession } from "@/api/session";
import { isObject } from "@/lib/json";
import type { PageDefinition } from "@/models";

/** A page that is not saved yet, and the version that it was made from. */
export interface PageDraft {
  version: number;
  page: PageDefinition;
}

// Of the person's own: others may use the same browser.
const keyOf = (toolchainId: string) =>
  `penstock.page.${useSession.getState().session?.user.user_id ?? ""}.${toolchainId}`;

/** The draft that a closed tab or an ended session left. */
export function readDraft(toolchainId: string): PageDraft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(toolchainId)) ?? "null");
    if (!isObject(kept) || typeof kept["version"] !== "number" || !isObject(kept["page"])) return null;
    return Array.isArray(kept["page"]["elements"]) ? (kept as unknown as PageDraft) : null;
  } catch {
    return null;
  }
}

/** Keeps a draft in the browser; null forgets it. */
export function keepDraft(toolchainId: string, draft: PageDraft | null): void {
  try {
    if (draft === null) localStorage.removeItem(keyOf(toolchainId));
    else localStorage.setItem(keyOf(toolchainId), JSON.stringify(draft));
  } catch {
    // A browser without room for it: the page is still open here.
  }
}
