import { Button, Group, Loader, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DRAFTS, deleteDraft, fetchDraft, useDrafts } from "@/api/drafts";
import { useSession } from "@/api/session";
import { Dialog } from "@/components/Dialog";
import { toast, toastFailure } from "@/components/toast";
import { useEditor, useEditorStore } from "@/features/editor/store";
import { refusalOf } from "@/lib/editor/reading";
import { formatAgo } from "@/lib/format";
import { forgetLocally, localDrafts, type Offer, offersOf } from "@/lib/versions/localDrafts";
import { useDraftingStore } from "./drafting";
import { takeDraft } from "./taking";
import classes from "./Versions.module.css";

/** The drafts that were begun elsewhere or before and not saved: each can be gone on with, or left. */
export function DraftsDialog({ onClose }: { onClose: () => void }) {
  const user = useSession((state) => state.session?.user.user_id ?? "");
  const id = useEditor((state) => state.origin?.id ?? null);
  const version = useEditor((state) => state.origin?.version ?? null);
  const editor = useEditorStore();
  const drafting = useDraftingStore();
  const client = useQueryClient();
  const { data, isPending } = useDrafts(id);
  const [local, setLocal] = useState(() => localDrafts(localStorage, user, id));
  const offers = offersOf(local, data ?? [], drafting.getState().draftId);

  async function take(offer: Offer) {
    try {
      const toolchain = offer.toolchain ?? (await fetchDraft(offer.draftId)).toolchain;
      const refusal = refusalOf(toolchain);
      if (refusal !== null) {
        toast("failed", refusal);
        return;
      }
      takeDraft(editor, drafting, offer, toolchain as Parameters<typeof takeDraft>[3]);
      onClose();
    } catch (fault) {
      toastFailure(fault);
    }
  }

  async function drop({ draftId, revision, behind }: Offer) {
    forgetLocally(localStorage, user, draftId);
    setLocal(localDrafts(localStorage, user, id));
    if (revision === 0 || behind) return;
    try {
      await deleteDraft(draftId);
      await client.invalidateQueries({ queryKey: DRAFTS });
    } catch (fault) {
      toastFailure(fault);
    }
  }

  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Drafts that were not saved</Text>}>
      {isPending ? <Loader size="xs" aria-label="Loading the drafts" /> : null}
      {offers.length === 0 && !isPending ? <Text size="sm">There is none.</Text> : null}
      <ul className={classes.offers} aria-label="Drafts">
        {offers.map((offer) => (
          <li key={`${offer.draftId} ${offer.behind}`}>
            <Text size="sm" fw={560}>
              Written {formatAgo(offer.writtenAt)}
            </Text>
            <Text size="xs" c="dimmed" mb="xs">
              {originOf(offer, version)}
            </Text>
            <Group gap="xs">
              <Button size="compact-sm" onClick={() => void take(offer)}>
                Go on with it
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => void drop(offer)}>
                Delete
              </Button>
            </Group>
          </li>
        ))}
      </ul>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Leave them
        </Button>
      </Group>
    </Dialog>
  );
}

function originOf({ baseVersion, toolchain }: Offer, version: number | null): string {
  const where = toolchain ? "in this browser" : "on the server, maybe in another window";
  if (baseVersion === null) return `A new toolchain, ${where}.`;
  const old = version !== null && baseVersion !== version ? `; by now there is version ${version}` : "";
  return `Begun at version ${baseVersion}${old}, ${where}.`;
}
