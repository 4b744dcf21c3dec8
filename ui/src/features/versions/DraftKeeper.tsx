import { useEffect, useRef } from "react";
import { useDrafts } from "@/api/drafts";
import { useToolchainVersions } from "@/api/toolchains";
import { useSession } from "@/api/session";
import { toast } from "@/components/toast";
import { type EditorStore, useEditor, useEditorStore } from "@/features/editor/store";
import { EMPTY_TOOLCHAIN } from "@/lib/editor/beginning";
import { refusalOf } from "@/lib/editor/reading";
import { localDrafts, offersOf } from "@/lib/versions/localDrafts";
import { type DraftingStore, useDraftingStore } from "./drafting";
import { LeaveGuard } from "./LeaveGuard";
import { takeDraft } from "./taking";
import { type Keeper, keepDrafts, ownKey } from "./keeping";

/** Keeps the draft while it is written, takes up what this tab wrote before, and tells of other drafts. Draws nothing, unless what is written would be lost. */
export function DraftKeeper() {
  const editor = useEditorStore();
  const drafting = useDraftingStore();
  const user = useSession((state) => state.session?.user.user_id ?? null);
  const keeper = useRef<Keeper | null>(null);
  useEffect(() => {
    if (user === null) return;
    const made = (keeper.current = keepDrafts(editor, drafting, user));
    takeOwn(editor, drafting, user);
    return made.stop;
  }, [editor, drafting, user]);
  return (
    <>
      <LeaveGuard keeper={keeper} />
      {user === null ? null : <Offers user={user} />}
      <Newer />
    </>
  );
}

/** After a reload or a new log-in the tab goes on with what it wrote. */
function takeOwn(editor: EditorStore, drafting: DraftingStore, user: string): void {
  const { origin, toolchain, saved } = editor.getState();
  if (toolchain !== saved) return;
  const own = sessionStorage.getItem(ownKey(user, { origin, saved }));
  const draft = localDrafts(localStorage, user, origin?.id ?? null).find(({ draftId }) => draftId === own);
  if (!draft || refusalOf(draft.toolchain) !== null) return;
  takeDraft(editor, drafting, { ...draft, behind: false }, draft.toolchain);
  toast("done", "What you were writing is here again.");
}

/** Opens the list of drafts once, when there are any that this window does not write; a copy begins anew. */
function Offers({ user }: { user: string }) {
  const id = useEditor((state) => state.origin?.id ?? null);
  const editor = useEditorStore();
  const drafting = useDraftingStore();
  const { data } = useDrafts(id);
  const told = useRef(false);
  useEffect(() => {
    if (!data || told.current) return;
    told.current = true;
    // What this tab wrote before is taken up first.
    setTimeout(() => {
      const { draftId } = drafting.getState();
      const offers = offersOf(localDrafts(localStorage, user, id), data, draftId);
      const { toolchain, saved, dialog, show } = editor.getState();
      const isCopy = id === null && toolchain !== EMPTY_TOOLCHAIN;
      if (offers.length > 0 && !isCopy && toolchain === saved && dialog === null) show({ dialog: "drafts" });
    });
  }, [data, user, id, editor, drafting]);
  return null;
}

/** Looks now and then whether somebody else has saved a version. */
function Newer() {
  const origin = useEditor((state) => state.origin);
  return origin ? <Watch id={origin.id} version={origin.version} /> : null;
}

function Watch({ id, version }: { id: string; version: number }) {
  const drafting = useDraftingStore();
  const { data } = useToolchainVersions(id, 30_000);
  const latest = data?.[0]?.version ?? version;
  useEffect(() => drafting.setState({ newer: latest > version ? latest : null }), [drafting, latest, version]);
  return null;
}
