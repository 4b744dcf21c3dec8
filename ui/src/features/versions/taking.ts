import type { EditorStore } from "@/features/editor/store";
import type { Offer } from "@/lib/versions/localDrafts";
import type { Toolchain } from "@/models";
import { type DraftingStore, newDrafting } from "./drafting";

/**
 * Goes on with a draft in the place of what is in the editor, as one step that can be undone. Saving it expects the
 * version that the draft was made from.
 */
export function takeDraft(
  editor: EditorStore,
  drafting: DraftingStore,
  { draftId, revision, behind, baseVersion }: Pick<Offer, "draftId" | "revision" | "behind" | "baseVersion">,
  toolchain: Toolchain,
): void {
  const { edit, setSaved, saved, origin } = editor.getState();
  drafting.setState(behind ? newDrafting() : { draftId, revision, keeping: "here", trouble: null });
  edit({ label: "Go on with a draft", change: () => toolchain, select: [] });
  if (origin && baseVersion !== null) setSaved(saved, { ...origin, version: baseVersion });
}
