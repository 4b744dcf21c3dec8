import { ActionIcon, Button, Textarea, Tooltip } from "@mantine/core";
import { type KeyboardEvent, lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { IconSend, IconStop } from "@/components/icons";
import { SideDrawer } from "@/components/SideDrawer";
import { passageOf, type ShownSource } from "@/features/chat/shown";
import { TurnView } from "@/features/chat/TurnView";
import { turnsOfMessages } from "@/lib/pageChat";
import { valueOf } from "@/lib/pageValues";
import type { JsonObject } from "@/lib/json";
import type { PageElement, Suggestion } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Chat.module.css";

const DocumentViewer = lazy(async () => ({
  default: (await import("@/components/viewer/DocumentViewer")).DocumentViewer,
}));

/** The longest text that a run's input may reasonably have. */
const LONGEST = 200_000;

/** A conversation: the messages that a state holds, or the runs of the page's thread. */
export default function ChatElement({ element }: { element: Extract<PageElement, { kind: "chat" }> }) {
  const { act, busy, scope, toolchain, turnsOf, run } = useOpenPage();
  const [shown, setShown] = useState<ShownSource | null>(null);
  const passage = useMemo(() => (shown ? passageOf(shown) : null), [shown]);
  const bound = (element.messages ?? null) !== null;
  const writing = busy && (run.trace?.pauses.length ?? 0) === 0;
  const turns = bound
    ? turnsOfMessages(valueOf(element.messages, scope), writing)
    : turnsOf(element.question ?? "question");
  const actions = element.on_send ?? [];
  const log = useRef<HTMLDivElement>(null);
  const newest = turns.at(-1)?.key ?? null;
  useEffect(() => {
    if (newest !== null) log.current?.lastElementChild?.scrollIntoView({ block: "start" });
  }, [newest]);
  return (
    <section className={classes.chat} aria-label={element.label || "Chat"}>
      {element.label ? <h2 className={classes.heading}>{element.label}</h2> : null}
      <div ref={log} className={classes.turns} role="log" aria-label="Conversation">
        {turns.map((turn, index) => (
          <TurnView
            key={turn.key}
            turn={turn}
            last={index === turns.length - 1}
            shown={shown}
            onShow={(source, claim) => setShown({ source, claim })}
            onRetry={null}
          />
        ))}
      </div>
      {turns.length === 0 && actions.length > 0 ? (
        <Suggestions
          suggestions={toolchain.suggestions ?? []}
          onChoose={(suggestion) => void act([{ do: "run", input: literals(suggestion.input) }])}
        />
      ) : null}
      {actions.length > 0 ? (
        <Ask
          placeholder={element.placeholder || "Send a message"}
          busy={busy}
          onSend={(text) => void act(actions, { text })}
          onStop={() => void act([{ do: "cancel" }])}
        />
      ) : null}
      <SideDrawer
        label="Source"
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        size="min(720px, 100vw)"
      >
        {shown ? (
          <Suspense fallback={null}>
            <DocumentViewer
              key={shown.source.document_id}
              documentId={shown.source.document_id}
              name={shown.source.document_name}
              passage={passage}
              onClose={() => setShown(null)}
            />
          </Suspense>
        ) : null}
      </SideDrawer>
    </section>
  );
}

/** A suggestion's input is data, whatever it looks like. */
function literals(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, { literal: value }]));
}

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  onChoose: (suggestion: Suggestion) => void;
}

function Suggestions({ suggestions, onChoose }: SuggestionsProps) {
  if (suggestions.length === 0) return null;
  return (
    <div className={classes.suggestions} role="group" aria-label="Suggestions">
      {suggestions.map((suggestion, index) => (
        <Button key={index} size="compact-md" variant="default" maw="100%" onClick={() => onChoose(suggestion)}>
          {suggestion.title}
        </Button>
      ))}
    </div>
  );
}

interface AskProps {
  placeholder: string;
  busy: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
}

function Ask({ placeholder, busy, onSend, onStop }: AskProps) {
  const [draft, setDraft] = useState("");
  const text = draft.trim();

  function send() {
    if (text === "" || busy) return;
    onSend(text);
    setDraft("");
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method is composing, Enter chooses a candidate.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <div className={classes.dock}>
      <div className={classes.ask}>
        <Textarea
          aria-label="Message"
          placeholder={placeholder}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          maxLength={LONGEST}
          value={draft}
          className={classes.field ?? ""}
          classNames={{ input: classes.input ?? "" }}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {busy ? (
          <Tooltip label="Stop">
            <ActionIcon size={40} radius="xl" aria-label="Stop" onClick={onStop}>
              <IconStop size={20} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <ActionIcon size={40} radius="xl" aria-label="Send" disabled={text === ""} onClick={send}>
            <IconSend size={20} strokeWidth={2.2} />
          </ActionIcon>
        )}
      </div>
    </div>
  );
}
