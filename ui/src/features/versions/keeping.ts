import { ApiError } from "@/api/client";
import { deleteDraft, saveDraft } from "@/api/drafts";
import type { EditorState, EditorStore } from "@/features/editor/store";
import { forgetLocally, keepLocally } from "@/lib/versions/localDrafts";
import { type DraftingStore, newDrafting } from "./drafting";

// Typing is kept in the browser at once, as it were; the server is told when it rests.
const HERE_MS = 250;
const THERE_MS = 1_500;
const AGAIN_MS = 10_000;

/** The name under which a tab remembers its own draft over a reload; a new toolchain's is that of what it began as. */
export const ownKey = (user: string, { origin, saved }: Pick<EditorState, "origin" | "saved">) =>
  `penstock.own-draft.${user}.${origin?.id ?? `new.${saved.id}`}`;

/** Who keeps what is written in an editor. */
export interface Keeper {
  /** Keeps it in the browser at once. False: it is kept nowhere. */
  keepNow: () => boolean;
  /** Ends it, and keeps the last of it. */
  stop: () => void;
}

/**
 * Keeps what is written in an editor: in this browser, and on the server.
 * A draft that another window wrote in the meantime goes on under an id of its own: both stay.
 */
export function keepDrafts(editor: EditorStore, drafting: DraftingStore, user: string): Keeper {
  let here: ReturnType<typeof setTimeout> | undefined;
  let there: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let stopped = false;
  /** What the server has. */
  let sent: EditorState["toolchain"] | null = null;
  /** Drafts that have served. */
  const settled = new Set<string>();

  const changed = ({ toolchain, saved }: EditorState) => toolchain !== saved;

  function keepHere(): void {
    clearTimeout(here);
    here = undefined;
    const state = editor.getState();
    if (!changed(state)) return;
    const { draftId, revision } = drafting.getState();
    const kept = keepLocally(localStorage, user, {
      draftId,
      toolchainId: state.origin?.id ?? null,
      baseVersion: state.origin?.version ?? null,
      revision,
      writtenAt: new Date().toISOString(),
      toolchain: state.toolchain,
    });
    sessionStorage.setItem(ownKey(user, state), draftId);
    drafting.setState({ keeping: kept ? "here" : sent === state.toolchain ? "there" : "nowhere" });
  }

  async function keepThere(): Promise<void> {
    there = undefined;
    const state = editor.getState();
    if (sending || !changed(state)) return;
    sending = true;
    const { draftId, revision } = drafting.getState();
    try {
      const saved = await saveDraft({
        draft_id: draftId,
        toolchain_id: state.origin?.id ?? null,
        base_version: state.origin?.version ?? null,
        revision,
        toolchain: { ...state.toolchain },
      });
      // In the meantime it may have been saved as a version.
      if (settled.has(draftId)) deleteDraft(draftId).catch(() => undefined);
      else if (drafting.getState().draftId === draftId) {
        sent = state.toolchain;
        drafting.setState({ revision: saved.revision, keeping: "there", trouble: null });
        if (editor.getState().toolchain === state.toolchain) {
          // The browser's own notes the revision, too.
          keepHere();
          drafting.setState({ keeping: "there" });
        }
      }
    } catch (fault) {
      refused(fault, draftId);
    } finally {
      sending = false;
    }
    if (editor.getState().toolchain !== state.toolchain) later(THERE_MS);
  }

  function refused(fault: unknown, draftId: string): void {
    if (fault instanceof ApiError && fault.type === "DraftConflict") {
      forgetLocally(localStorage, user, draftId);
      drafting.setState(newDrafting());
      keepHere();
      later(0);
      return;
    }
    drafting.setState({ trouble: troubleOf(fault) });
    // What the server does not take it takes no better later.
    if (fault instanceof ApiError && (fault.status === 0 || fault.status >= 500)) later(AGAIN_MS);
  }

  function later(milliseconds: number): void {
    if (!stopped) there ??= setTimeout(() => void keepThere(), milliseconds);
  }

  /** It is a version now, or as it was before: the draft has served. */
  function settle(before: EditorState): void {
    clearTimeout(here);
    clearTimeout(there);
    here = there = undefined;
    const { draftId, revision } = drafting.getState();
    forgetLocally(localStorage, user, draftId);
    sessionStorage.removeItem(ownKey(user, before));
    settled.add(draftId);
    // One that nobody can delete now is offered later, and seen to say the same.
    if (revision > 0) deleteDraft(draftId).catch(() => undefined);
    drafting.setState(newDrafting());
  }

  const unsubscribe = editor.subscribe((state, before) => {
    if (state.toolchain === before.toolchain && state.saved === before.saved) return;
    if (!changed(state)) settle(before);
    else {
      here ??= setTimeout(keepHere, HERE_MS);
      later(THERE_MS);
    }
  });
  window.addEventListener("pagehide", keepHere);
  function keepNow(): boolean {
    keepHere();
    return !changed(editor.getState()) || drafting.getState().keeping !== "nowhere";
  }
  return {
    keepNow,
    stop: () => {
      stopped = true;
      unsubscribe();
      window.removeEventListener("pagehide", keepHere);
      clearTimeout(there);
      // Who leaves all the same wants it tried once more.
      if (!keepNow()) void keepThere();
    },
  };
}

function troubleOf(fault: unknown): string {
  if (!(fault instanceof ApiError)) return "The server could not be told.";
  if (fault.status === 0) return "The server does not answer. Go on: it is told when it is back.";
  if (fault.status === 401) return "Your session has ended. Log in again: the draft is kept in this browser.";
  return fault.message;
}
