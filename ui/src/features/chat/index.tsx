import { Drawer } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useCallback, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { SidePanel } from "@/components/SidePanel";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import type { Source } from "@/models";
import { dismiss, NEW_THREAD } from "./answers";
import classes from "./ChatPage.module.css";
import { ConversationList } from "./ConversationList";
import { Thread } from "./Thread";

export default function ChatPage() {
  const { conversationId = null } = useParams();
  const navigate = useNavigate();
  const roomy = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const wide = useMediaQuery("(min-width: 90em)", undefined, { getInitialValueInEffect: false });
  const [listOpened, list] = useDisclosure(false);
  const [shown, setShown] = useState<{ source: Source; thread: string } | null>(null);
  const thread = conversationId ?? NEW_THREAD;
  // A source belongs to the conversation that it was opened from.
  const source = shown?.thread === thread ? shown.source : null;

  const show = useCallback((next: Source) => setShown({ source: next, thread }), [thread]);

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
        <Drawer
          opened={listOpened}
          onClose={list.close}
          size={300}
          withCloseButton={false}
          padding={0}
          aria-label="Conversations"
          classNames={{ body: classes.drawer ?? "" }}
        >
          {conversations}
        </Drawer>
      )}
      <Thread
        key={thread}
        conversationId={conversationId}
        shown={source}
        onShow={show}
        onList={listStays ? null : list.open}
        onNew={() => open(null)}
      />
      <SidePanel label="Source" opened={source !== null} onClose={() => setShown(null)}>
        {source ? (
          <DocumentViewer
            key={`${source.chunk_id} ${source.n}`}
            documentId={source.document_id}
            name={source.document_name}
            passage={source}
            onClose={() => setShown(null)}
          />
        ) : null}
      </SidePanel>
    </div>
  );
}
