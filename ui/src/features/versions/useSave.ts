import { useNavigate } from "react-router";
import { ApiError } from "@/api/client";
import { useSaveToolchain } from "@/api/toolchains";
import { toast, toastFailure } from "@/components/toast";
import { useEditorStore } from "@/features/editor/store";
import { pageEditorOf } from "@/lib/pageAddress";
import { useDraftingStore } from "./drafting";

/** Saves the draft as the next version of what it was made from; where somebody else saved in the meantime, both stay. */
export function useSave() {
  const editor = useEditorStore();
  const drafting = useDraftingStore();
  const navigate = useNavigate();
  const saving = useSaveToolchain();

  /** @param over the version that it may be saved over, knowingly. Null when it was not saved, which was told. */
  async function save(over?: number): Promise<number | null> {
    const { toolchain, origin, building, setSaved, show } = editor.getState();
    const own = origin?.id === toolchain.id;
    try {
      const { id, version } = await saving.mutateAsync({
        toolchain: { ...toolchain },
        expected: over ?? (own ? origin.version : 0),
      });
      setSaved(toolchain, { id, version });
      drafting.setState({ newer: null });
      toast("done", `Saved as version ${version}.`);
      if (!own) void navigate(building ? pageEditorOf(id) : `/toolchains/${id}/edit`, { replace: true });
      return version;
    } catch (fault) {
      if (fault instanceof ApiError && fault.type === "VersionConflict") show({ dialog: "conflict" });
      else if (fault instanceof ApiError && fault.status === 0)
        toast("failed", "The server does not answer. The draft is kept in this browser: save it when it is back.");
      else toastFailure(fault);
      return null;
    }
  }

  return { save, pending: saving.isPending };
}
