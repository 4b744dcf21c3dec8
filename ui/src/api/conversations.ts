import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ModifyConversationRequest } from "@/models";
import { call } from "./client";

export const CONVERSATIONS = ["conversations"];
export const conversationKey = (conversationId: string) => ["conversation", conversationId];

/** All conversations, the last used first. */
export function useConversations() {
  return useInfiniteQuery({
    queryKey: CONVERSATIONS,
    queryFn: ({ signal, pageParam }) => call("fetch_conversations", { before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_before ?? null,
    select: ({ pages }) => pages.flatMap((page) => page.conversations),
  });
}

/** One conversation with its last messages; the next page holds earlier ones. */
export function useConversation(conversationId: string | null) {
  return useInfiniteQuery({
    queryKey: conversationKey(conversationId ?? ""),
    queryFn: ({ signal, pageParam }) =>
      call("fetch_conversation", { conversation_id: conversationId ?? "", before: pageParam }, signal),
    enabled: conversationId !== null,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_before ?? null,
    select: ({ pages }) => ({
      conversation: pages[0] ?? null,
      messages: pages.toReversed().flatMap((page) => page.messages),
    }),
  });
}

export function useModifyConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ModifyConversationRequest) => call("modify_conversation", body),
    onSuccess: (_, { conversation_id }) =>
      Promise.all([
        client.invalidateQueries({ queryKey: CONVERSATIONS }),
        client.invalidateQueries({ queryKey: conversationKey(conversation_id) }),
      ]),
  });
}

export function useDeleteConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (conversationId: string) => call("delete_conversation", { conversation_id: conversationId }),
    // Not awaited: the list's next state takes away what asked for this.
    onSuccess: () => void client.invalidateQueries({ queryKey: CONVERSATIONS }),
  });
}
