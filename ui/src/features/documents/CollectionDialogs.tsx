import { useNavigate } from "react-router";
import { useDeleteCollection, useModifyCollection } from "@/api/collections";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { PromptDialog } from "@/components/PromptDialog";
import { toast } from "@/components/toast";
import { plural } from "@/lib/format";
import type { Collection } from "@/models";

interface CollectionDialogsProps {
  collection: Collection;
  dialog: "rename" | "delete" | null;
  onClose: () => void;
}

export function CollectionDialogs({ collection, dialog, onClose }: CollectionDialogsProps) {
  const navigate = useNavigate();
  const modify = useModifyCollection();
  const remove = useDeleteCollection();
  const { id, name, document_count } = collection;

  function close() {
    modify.reset();
    remove.reset();
    onClose();
  }

  async function confirmDelete() {
    try {
      await remove.mutateAsync({ collection_id: id });
    } catch {
      // The dialog tells it.
      return;
    }
    // With the collection this dialog is gone too.
    toast("done", `“${name}” is deleted.`);
    void navigate("/documents", { replace: true });
  }

  return (
    <>
      <PromptDialog
        opened={dialog === "rename"}
        title="Rename collection"
        label="Name"
        initial={name}
        maxLength={200}
        action="Rename"
        pending={modify.isPending}
        fault={modify.error}
        onSubmit={(value) => modify.mutate({ collection_id: id, name: value }, { onSuccess: close })}
        onClose={close}
      />
      <ConfirmDialog
        opened={dialog === "delete"}
        title={`Delete “${name}”?`}
        action="Delete collection"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => void confirmDelete()}
        onClose={close}
      >
        {document_count === 0
          ? "It is empty."
          : `Its ${plural(document_count, "document")} will be gone, with the original files. This can not be undone.`}
      </ConfirmDialog>
    </>
  );
}
