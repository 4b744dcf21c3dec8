import { ActionIcon, Menu } from "@mantine/core";
import { useState } from "react";
import { useModifyModel, useRemoveModel } from "@/api/models";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconMore, IconPencil, IconPin, IconText, IconTrash } from "@/components/icons";
import { toastFailure } from "@/components/toast";
import type { Model } from "@/models";
import { KeepDialog } from "./KeepDialog";
import { ModelLogs } from "./ModelLogs";

/** What an administrator can do with a model of this machine. */
export function ModelMenu({ model }: { model: Model }) {
  const [shown, setShown] = useState<"logs" | "keep" | "remove" | null>(null);
  const modify = useModifyModel();
  const remove = useRemoveModel();
  const close = () => setShown(null);
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${model.id}`}>
            <IconMore size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPin size={16} />}
            onClick={() => modify.mutate({ model: model.id, pin: !model.pin }, { onError: toastFailure })}
          >
            {model.pin ? "Unpin" : "Pin"}
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setShown("keep")}>
            How long it stays
          </Menu.Item>
          <Menu.Item leftSection={<IconText size={16} />} onClick={() => setShown("logs")}>
            Log of its engine
          </Menu.Item>
          {model.added ? (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setShown("remove")}>
              Remove
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {shown === "logs" ? <ModelLogs model={model.id} onClose={close} /> : null}
      {shown === "keep" ? <KeepDialog model={model} onClose={close} /> : null}
      <ConfirmDialog
        opened={shown === "remove"}
        title={`Remove “${model.id}”?`}
        action="Remove"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={() => remove.mutate(model.id, { onSuccess: close })}
        onClose={close}
      >
        It is unloaded and no longer listed. Its files stay.
      </ConfirmDialog>
    </>
  );
}
