import { create } from "zustand";
import { persist } from "zustand/middleware";
import { useModifyConversation } from "@/api/conversations";
import { toastFailure } from "@/components/toast";
import type { Conversation, ModifyConversationRequest } from "@/models";

/** What answers, and from what. */
export interface ChatSettings {
  toolchain_id: string;
  /** null: the toolchain's own. */
  model: string | null;
  /** None: all collections. */
  collection_ids: string[];
}

const DEFAULT: ChatSettings = { toolchain_id: "rag", model: null, collection_ids: [] };

/** What a new conversation begins with: the last choice. */
const usePreferred = create<ChatSettings>()(persist((): ChatSettings => DEFAULT, { name: "penstock.chat" }));

/** Makes a toolchain what answers in the next new conversation. */
export function preferToolchain(id: string): void {
  usePreferred.setState({ toolchain_id: id, model: null });
}

/** A conversation's settings, or those of the next new one; and what changes them. */
export function useChatSettings(
  conversation: Conversation | null,
): [ChatSettings, (change: Partial<ChatSettings>) => void] {
  const preferred = usePreferred();
  const modify = useModifyConversation();
  if (!conversation) return [preferred, (change) => usePreferred.setState(change)];
  const { toolchain_id, model, collection_ids } = conversation;
  // What was chosen shows at once; the server's copy follows.
  const pending: Partial<ModifyConversationRequest> = modify.isPending ? modify.variables : {};
  const settings: ChatSettings = {
    toolchain_id: pending.toolchain_id ?? toolchain_id,
    model: "model" in pending ? (pending.model ?? null) : model,
    collection_ids: pending.collection_ids ?? collection_ids,
  };
  return [
    settings,
    (change) => {
      usePreferred.setState(change);
      modify.mutate({ conversation_id: conversation.conversation_id, ...change }, { onError: toastFailure });
    },
  ];
}
