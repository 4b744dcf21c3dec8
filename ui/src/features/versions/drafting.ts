import { createStore, type StoreApi, useStore } from "zustand";
import { type EditorStore, useEditorStore } from "@/features/editor/store";

/** Where what is written is kept: nowhere yet, in this browser, or on the server too. */
export type Keeping = "nothing" | "here" | "there" | "nowhere";

/** The draft that an editor writes. */
export interface Drafting {
  /** A UUID of this window alone. */
  draftId: string;
  /** The revision that the server has; 0: none. */
  revision: number;
  keeping: Keeping;
  /** Why it is not on the server, in words. */
  trouble: string | null;
  /** The version that somebody else saved in the meantime. */
  newer: number | null;
}

export type DraftingStore = StoreApi<Drafting>;

const draftings = new WeakMap<EditorStore, DraftingStore>();

export const newDrafting = (): Pick<Drafting, "draftId" | "revision" | "keeping" | "trouble"> => ({
  draftId: crypto.randomUUID(),
  revision: 0,
  keeping: "nothing",
  trouble: null,
});

/** What is kept of an editor's draft; it goes with the editor. */
export function draftingOf(editor: EditorStore): DraftingStore {
  let drafting = draftings.get(editor);
  if (!drafting) {
    drafting = createStore(() => ({ ...newDrafting(), newer: null }));
    draftings.set(editor, drafting);
  }
  return drafting;
}

export function useDraftingStore(): DraftingStore {
  return draftingOf(useEditorStore());
}

export function useDrafting<T>(selector: (drafting: Drafting) => T): T {
  return useStore(useDraftingStore(), selector);
}
