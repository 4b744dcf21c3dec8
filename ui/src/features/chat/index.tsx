import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useCallback, useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { SideDrawer } from "@/components/SideDrawer";
import { SidePanel } from "@/components/SidePanel";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import { dismiss, NEW_THREAD } from "./answers";
import classes from "./ChatPage.module.css";
import { ConversationList } from "./ConversationList";
import { passageOf, type ShownSource, type ShowSource } from "./shown";
import { Thread } from "./Thread";

export default function ChatPage() {
  const { conversationId = null } = useParams();
  const navigate = useNavigate();
  const roomy = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const wide = useMediaQuery("(min-width: 90em)", undefined, { getInitialValueInEffect: false });
  const [listOpened, list] = useDisclosure(false);
  const [shown, setShown] = useState<{ thread: string; source: ShownSource } | null>(null);
  const thread = conversationId ?? NEW_THREAD;
  // A source belongs to the conversation that it was opened from.
  const source = shown?.thread === thread ? shown.source : null;

  const show = useCallback<ShowSource>(
    (next, claim) => setShown({ thread, source: { source: next, claim } }),
    [thread],
  );

  const passage = useMemo(() => (source ? passageOf(source) : null), [source]);
  // List, answer and page need a wide window to stand side by side.
  const listStays = roomy && (wide || source === null);

  function open(id: string | null) {
    list.close();
    if (id === null) dismiss(NEW_THREAD);
    void navigate(id === null ? "/chat" : `/chat/${id}`);
  }

  const conversations = <ConversationList current={conversationId} onOpen={open} />;
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
        onNew={() => open(null)}
      />
      <SidePanel label="Source" shown={source?.source.chunk_id ?? null} onClose={() => setShown(null)}>
        {source ? (
          <DocumentViewer
            key={source.source.document_id}
            documentId={source.source.document_id}
            name={source.source.document_name}
            passage={passage}
            onClose={() => setShown(null)}
          />
        ) : null}
      </SidePanel>
    </div>
  );
}
