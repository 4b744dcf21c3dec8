import { ActionIcon, Menu } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useDeleteConversation, useModifyConversation } from "@/api/conversations";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconMore, IconPencil, IconTrash } from "@/components/icons";
import { PromptDialog } from "@/components/PromptDialog";
import type { Conversation } from "@/models";
import classes from "./ConversationList.module.css";

interface ConversationItemProps {
  conversation: Conversation;
  current: boolean;
  onOpen: (conversationId: string | null) => void;
}

export function ConversationItem({ conversation, current, onOpen }: ConversationItemProps) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const modify = useModifyConversation();
  const remove = useDeleteConversation();
  const id = conversation.conversation_id;
  const title = conversation.title || "New conversation";

  function close() {
    setDialog(null);
    modify.reset();
    remove.reset();
  }

  function confirmDelete() {
    remove.mutate(id, {
      onSuccess: () => {
        close();
        if (current) onOpen(null);
      },
    });
  }

  return (
    <li className={classes.item} data-current={current || undefined}>
      <Link
        to={`/chat/${id}`}
        className={classes.title}
        aria-current={current ? "page" : undefined}
        title={title}
        onClick={() => onOpen(id)}
      >
        <bdi>{title}</bdi>
      </Link>
      <Menu>
        <Menu.Target>
          <ActionIcon
            className={classes.menu}
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Actions for ${title}`}
          >
            <IconMore size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog("rename")}>
            Rename
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDialog("delete")}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PromptDialog
        opened={dialog === "rename"}
        title="Rename conversation"
        label="Title"
        initial={title}
        maxLength={200}
        action="Rename"
        pending={modify.isPending}
        fault={modify.error}
        onSubmit={(value) => modify.mutate({ conversation_id: id, title: value }, { onSuccess: close })}
        onClose={close}
      />
      <ConfirmDialog
        opened={dialog === "delete"}
        title="Delete this conversation?"
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onConfirm={confirmDelete}
        onClose={close}
      >
        “{title}” and its answers will be gone. Your documents stay.
      </ConfirmDialog>
    </li>
  );
}
