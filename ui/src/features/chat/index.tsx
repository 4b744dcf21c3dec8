import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { startTransition, useCallback, useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useConversation } from "@/api/conversations";
import { SideDrawer } from "@/components/SideDrawer";
import { SidePanel } from "@/components/SidePanel";
import { useOpened } from "@/components/useOpened";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import { dismiss, NEW_THREAD } from "./answers";
import classes from "./ChatPage.module.css";
import { ConversationList } from "./ConversationList";
import { passageOf, type ShownSource, type ShowSource, sourceOf } from "./shown";
import { Thread } from "./Thread";

export default function ChatPage() {
  const { conversationId = null } = useParams();
  const navigate = useNavigate();
  const roomy = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const wide = useMediaQuery("(min-width: 90em)", undefined, { getInitialValueInEffect: false });
  const [listOpened, list] = useDisclosure(false);
  const [opened, open] = useOpened();
  const [shown, setShown] = useState<{ thread: string; source: ShownSource } | null>(null);
  const messages = useConversation(conversationId).data?.messages;
  const thread = conversationId ?? NEW_THREAD;
  const kept = useMemo(() => sourceOf(messages ?? [], opened), [messages, opened]);
  // A source belongs to the conversation that it was opened from.
  const chosen = shown?.thread === thread && shown.source.source.chunk_id === opened ? shown.source : null;
  const source = chosen ?? kept;

  const show = useCallback<ShowSource>(
    (next, claim) =>
      // The address changes in a transition of its own: both at once, or what was open would be shown in between.
      startTransition(() => {
        setShown({ thread, source: { source: next, claim } });
        open(next.chunk_id);
      }),
    [thread, open],
  );

  const passage = useMemo(() => (source ? passageOf(source) : null), [source]);
  // List, answer and page need a wide window to stand side by side.
  const listStays = roomy && (wide || source === null);

  function go(id: string | null) {
    list.close();
    if (id === null) dismiss(NEW_THREAD);
    void navigate(id === null ? "/chat" : `/chat/${id}`);
  }

  const conversations = <ConversationList current={conversationId} onOpen={go} />;
  return (
    <div className={classes.page}>
      {listStays ? (
        <aside className={classes.list} aria-label="Conversations">
          {conversations}
        </aside>
      ) : (
        <SideDrawer label="Conversations" opened={listOpened} onClose={list.close} position="left" size={300}>
          {conversations}
        </SideDrawer>
      )}
      <Thread
        key={thread}
        conversationId={conversationId}
        shown={source}
        onShow={show}
        onList={listStays ? null : list.open}
        onNew={() => go(null)}
      />
      <SidePanel label="Source" shown={source?.source.chunk_id ?? null} onClose={() => open(null)}>
        {source ? (
          <DocumentViewer
            key={source.source.document_id}
            documentId={source.source.document_id}
            name={source.source.document_name}
            passage={passage}
            onClose={() => open(null)}
          />
        ) : null}
      </SidePanel>
    </div>
  );
}
