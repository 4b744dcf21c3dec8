import { ActionIcon, Button, Center, Loader, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useConversation } from "@/api/conversations";
import { Failure } from "@/components/Failure";
import { IconChevronDown, IconMenu, IconPlus } from "@/components/icons";
import { isOver, weaveTurns } from "@/lib/answer";
import type { Message } from "@/models";
import { ask, dismiss, follow, NEW_THREAD, stop, useAnswers } from "./answers";
import { Composer } from "./Composer";
import type { ShownSource, ShowSource } from "./shown";
import { useChatSettings } from "./settings";
import classes from "./Thread.module.css";
import { TurnView } from "./TurnView";
import { useStickToEnd } from "./useStickToEnd";
import { Welcome } from "./Welcome";

interface ThreadProps {
  conversationId: string | null;
  /** The source that is open beside the thread. */
  shown: ShownSource | null;
  onShow: ShowSource;
  /** Opens the list of conversations, where it is not on the page. */
  onList: (() => void) | null;
  onNew: () => void;
}

const NO_MESSAGES: Message[] = [];

export function Thread({ conversationId, shown, onShow, onList, onNew }: ThreadProps) {
  const navigate = useNavigate();
  const thread = conversationId ?? NEW_THREAD;
  const live = useAnswers((answers) => answers[thread] ?? null);
  const history = useConversation(conversationId);
  const messages = history.data?.messages ?? NO_MESSAGES;
  const conversation = history.data?.conversation ?? null;
  const [settings, setSettings] = useChatSettings(conversation);
  const [draft, setDraft] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  const writing = live !== null && !isOver(live);
  const loading = conversationId !== null && history.isPending && live === null;
  const { areaRef, contentRef, onScroll, toEnd, away } = useStickToEnd(writing || loading);
  useUnfinished(conversationId, messages, live !== null);

  const turns = weaveTurns(messages, live);

  function send(question: string) {
    setDraft("");
    toEnd();
    ask(thread, question, settings, (id) => {
      // Elsewhere by now: the conversation is in the list.
      if (window.location.pathname === "/chat") void navigate(`/chat/${id}`, { replace: true });
    });
  }

  function retry(question: string) {
    dismiss(thread);
    send(question);
  }

  return (
    <section className={classes.thread} aria-label="Conversation">
      {conversation ? <VisuallyHidden component="h1">{conversation.title || "Conversation"}</VisuallyHidden> : null}
      {onList ? (
        <header className={classes.bar}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Conversations" onClick={onList}>
            <IconMenu />
          </ActionIcon>
          <span className={classes.title} aria-hidden>
            <bdi>{conversation?.title ?? ""}</bdi>
          </span>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="New chat" onClick={onNew}>
            <IconPlus />
          </ActionIcon>
        </header>
      ) : null}
      <div className={classes.scroll} ref={areaRef} onScroll={onScroll}>
        <div className={classes.column} ref={contentRef} role="log" aria-label="Messages">
          {loading ? (
            <Center py={96}>
              <Loader size="sm" aria-label="Loading" />
            </Center>
          ) : null}
          {history.error && live === null ? (
            <Failure fault={history.error} onRetry={() => void history.refetch()} />
          ) : null}
          {history.hasNextPage ? (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              loading={history.isFetchingNextPage}
              onClick={() => void history.fetchNextPage()}
            >
              Show earlier messages
            </Button>
          ) : null}
          {conversationId === null && turns.length === 0 ? (
            <Welcome
              onExample={(question) => {
                setDraft(question);
                input.current?.focus();
              }}
            />
          ) : null}
          {turns.map((turn, index) => (
            <TurnView
              key={turn.key}
              turn={turn}
              last={index === turns.length - 1}
              shown={shown}
              onShow={onShow}
              onRetry={writing ? null : () => retry(turn.question)}
            />
          ))}
        </div>
      </div>
      <div className={classes.dock}>
        {away ? (
          <ActionIcon className={classes.jump} variant="default" radius="xl" aria-label="Go to the end" onClick={toEnd}>
            <IconChevronDown size={18} />
          </ActionIcon>
        ) : null}
        <Composer
          ref={input}
          draft={draft}
          onDraft={setDraft}
          writing={writing}
          stopping={live?.stopping ?? false}
          settings={settings}
          mayUseDefaultModel={(conversation?.model ?? null) === null}
          onSettings={setSettings}
          onSend={send}
          onStop={() => stop(thread)}
        />
      </div>
    </section>
  );
}

/** Takes up an answer that was still being written when the page was loaded. Each run once. */
function useUnfinished(conversationId: string | null, messages: Message[], live: boolean) {
  const followed = useRef<string | null>(null);
  const last = messages.at(-1);
  const runId = last?.role === "assistant" && last.status === "streaming" ? (last.run_id ?? null) : null;
  const question = messages.findLast((message) => message.role === "user")?.content ?? "";
  useEffect(() => {
    if (conversationId === null || runId === null || live || followed.current === runId) return;
    followed.current = runId;
    follow(conversationId, question, runId);
  }, [conversationId, runId, question, live]);
}
