/** Drafts as this browser keeps them: they outlive a closed tab, a server that is gone and a session that has ended. */
import { isObject } from "@/lib/json";
import type { Toolchain } from "@/models";

/** A draft of one window. */
export interface LocalDraft {
  /** A UUID, of this window alone. */
  draftId: string;
  /** The toolchain that it is to be a version of; null for a new one. */
  toolchainId: string | null;
  baseVersion: number | null;
  /** The revision that the server has; 0: none. */
  revision: number;
  /** ISO 8601. */
  writtenAt: string;
  toolchain: Toolchain;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const prefixOf = (user: string) => `penstock.draft.${user}.`;

/** Keeps a draft; false when the browser has no room, or keeps nothing. */
export function keepLocally(store: Store, user: string, draft: LocalDraft): boolean {
  try {
    store.setItem(prefixOf(user) + draft.draftId, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetLocally(store: Store, user: string, draftId: string): void {
  store.removeItem(prefixOf(user) + draftId);
}

/** A user's drafts of a toolchain, or of new ones, that which was written last first. */
export function localDrafts(store: Store, user: string, toolchainId: string | null): LocalDraft[] {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index));
  return keys
    .filter((key) => key?.startsWith(prefixOf(user)))
    .flatMap((key) => readDraft(store.getItem(key ?? "")))
    .filter((draft) => draft.toolchainId === toolchainId)
    .sort((a, b) => b.writtenAt.localeCompare(a.writtenAt));
}

function readDraft(text: string | null): LocalDraft[] {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isObject(value) &&
      typeof value["draftId"] === "string" &&
      typeof value["writtenAt"] === "string" &&
      typeof value["revision"] === "number" &&
      isObject(value["toolchain"])
      ? [value as unknown as LocalDraft]
      : [];
  } catch {
    return [];
  }
}

/** A draft that somebody may want to go on with. */
export interface Offer {
  draftId: string;
  baseVersion: number | null;
  revision: number;
  writtenAt: string;
  /** Null: the server has it. */
  toolchain: Toolchain | null;
  /** Whether the server has another under this id: this one goes on under an id of its own. */
  behind: boolean;
}

/**
 * The drafts of browser and server together, the newest first; one that both have once, unless they differ.
 * @param own the draft that this window writes
 */
export function offersOf(
  local: readonly LocalDraft[],
  stored: readonly { draft_id: string; base_version: number | null; revision: number; updated_at: string }[],
  own: string | null,
): Offer[] {
  const revisions = new Map(stored.map(({ draft_id: id, revision }) => [id, revision]));
  const here = local.map(({ draftId, baseVersion, revision, writtenAt, toolchain }) => {
    const behind = revision < (revisions.get(draftId) ?? 0);
    return { draftId, baseVersion, revision, writtenAt, toolchain, behind };
  });
  const whole = new Set(here.filter(({ behind }) => !behind).map(({ draftId }) => draftId));
  const there = stored
    .filter(({ draft_id: id }) => !whole.has(id))
    .map(({ draft_id: draftId, base_version: baseVersion, revision, updated_at: writtenAt }) => {
      return { draftId, baseVersion, revision, writtenAt, toolchain: null, behind: false };
    });
  return [...here, ...there]
    .filter(({ draftId, behind }) => draftId !== own || behind)
    .sort((a, b) => Date.parse(b.writtenAt) - Date.parse(a.writtenAt));
}
