import { ActionIcon, Textarea, Tooltip } from "@mantine/core";
import { type KeyboardEvent, type Ref, useEffect } from "react";
import { CollectionPicker } from "@/components/CollectionPicker";
import { IconSend, IconStop } from "@/components/icons";
import classes from "./Composer.module.css";
import type { ChatSettings } from "./settings";
import { TargetPicker } from "./TargetPicker";

/** What /v1/query takes. */
const LONGEST_QUESTION = 16384;

interface ComposerProps {
  ref: Ref<HTMLTextAreaElement>;
  draft: string;
  onDraft: (draft: string) => void;
  writing: boolean;
  stopping: boolean;
  settings: ChatSettings;
  mayUseDefaultModel: boolean;
  onSettings: (change: Partial<ChatSettings>) => void;
  onSend: (question: string) => void;
  onStop: () => void;
}

export function Composer(props: ComposerProps) {
  const { ref, draft, onDraft, writing, stopping, settings, onSettings, onSend, onStop } = props;
  const question = draft.trim();
  const tooLong = question.length > LONGEST_QUESTION;

  // Esc stops wherever the focus is, unless it closed something on its way.
  useEffect(() => {
    if (!writing) return;
    const onEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onStop();
    };
    document.addEventListener("keydown", onEscape);
    return () => document.removeEventListener("keydown", onEscape);
  }, [writing, onStop]);

  function send() {
    if (question !== "" && !tooLong && !writing) onSend(question);
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method is composing, Enter chooses a candidate.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <div className={classes.composer}>
      <Textarea
        ref={ref}
        aria-label="Message"
        dir="auto"
        placeholder={settings.toolchain_id === "rag" ? "Ask about your documents" : "Send a message"}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={10}
        autoFocus
        value={draft}
        error={
          tooLong
            ? `At most ${LONGEST_QUESTION.toLocaleString("en")} characters; this has ${question.length.toLocaleString("en")}.`
            : null
        }
        classNames={{ input: classes.input ?? "", error: classes.error ?? "" }}
        onChange={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={classes.row}>
        <TargetPicker settings={settings} mayUseDefaultModel={props.mayUseDefaultModel} onSettings={onSettings} />
        {settings.toolchain_id !== "chat" ? (
          <CollectionPicker
            label="Answer from"
            selected={settings.collection_ids}
            onSelect={(collection_ids) => onSettings({ collection_ids })}
          />
        ) : null}
        <span className={classes.space} />
        {writing ? (
          <Tooltip label="Stop (Esc)">
            <ActionIcon size={36} radius="xl" aria-label="Stop" loading={stopping} onClick={onStop}>
              <IconStop size={20} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <ActionIcon size={36} radius="xl" aria-label="Send" disabled={question === "" || tooLong} onClick={send}>
            <IconSend size={20} strokeWidth={2.2} />
          </ActionIcon>
        )}
      </div>
    </div>
  );
}
