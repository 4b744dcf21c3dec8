import { useQuery } from "@tanstack/react-query";
import type { Draft, SaveDraftRequest, SavedDraft } from "@/models";
import { call } from "./client";

export const DRAFTS = ["drafts"];

/** The drafts of a toolchain that the server has; null: those of new ones. */
export function useDrafts(toolchainId: string | null) {
  return useQuery({
    queryKey: [...DRAFTS, toolchainId],
    queryFn: ({ signal }) => call("fetch_drafts", { toolchain_id: toolchainId }, signal),
    select: ({ drafts }) => drafts.filter((draft) => draft.toolchain_id === toolchainId),
    staleTime: 0,
  });
}

/** @throws ApiError, a DraftConflict where another window wrote it. */
export function saveDraft(draft: SaveDraftRequest): Promise<SavedDraft> {
  return call("save_draft", draft);
}

/** @throws ApiError */
export function fetchDraft(draftId: string): Promise<Draft> {
  return call("fetch_draft", { draft_id: draftId });
}

/** @throws ApiError, a 404 where it is gone already. */
export async function deleteDraft(draftId: string): Promise<void> {
  await call("delete_draft", { draft_id: draftId });
}
