import { Modal, TextInput } from "@mantine/core";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { IconSearch } from "@/components/icons";
import { useEscape } from "@/components/useEscape";
import classes from "./Dialogs.module.css";

export interface Choice {
  id: string;
  title: string;
  /** In small letters below, or at the right. */
  detail?: string;
  keys?: string | undefined;
  disabled?: boolean;
}

interface ListDialogProps {
  label: string;
  placeholder: string;
  choices: readonly Choice[];
  query: string;
  onQuery: (query: string) => void;
  onChoose: (id: string) => void;
  onClose: () => void;
  /** What stands in the place of choices where there are none. */
  nothing: string;
}

/** A list to choose from with a field to narrow it, worked with the keyboard alone. */
export function ListDialog(props: ListDialogProps) {
  const { label, placeholder, choices, query, onQuery, onChoose, onClose, nothing } = props;
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEscape(true, onClose);
  const name = useId();
  const current = Math.min(active, choices.length - 1);

  function go(to: number) {
    setActive(to);
    list.current?.querySelector(`[data-index="${to}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function choose(choice: Choice | undefined) {
    if (!choice || choice.disabled) return;
    onClose();
    onChoose(choice.id);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") go(Math.min(choices.length - 1, current + 1));
    else if (event.key === "ArrowUp") go(Math.max(0, current - 1));
    else if (event.key === "Enter") choose(choices[current]);
    else return;
    event.preventDefault();
  }

  return (
    <Modal.Root
      opened
      onClose={onClose}
      closeOnEscape={false}
      size="lg"
      yOffset="12vh"
      centered={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={label}>
        <Modal.Body p={10}>
          <TextInput
            placeholder={placeholder}
            aria-label={placeholder}
            role="combobox"
            aria-expanded
            aria-controls={name}
            aria-activedescendant={choices[current] ? `${name}-${current}` : undefined}
            leftSection={<IconSearch size={16} />}
            value={query}
            data-autofocus
            onKeyDown={onKeyDown}
            onChange={(event) => {
              onQuery(event.currentTarget.value);
              setActive(0);
            }}
          />
          <div ref={list} id={name} className={classes.list} role="listbox" aria-label={label}>
            {choices.map((choice, index) => (
              <div
                key={choice.id}
                id={`${name}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                aria-disabled={choice.disabled || undefined}
                data-index={index}
                className={classes.choice}
                onClick={() => choose(choice)}
              >
                <span className={classes.words}>
                  <span>{choice.title}</span>
                  {choice.detail ? <span className={classes.detail}>{choice.detail}</span> : null}
                </span>
                {choice.keys ? <kbd className={classes.keys}>{choice.keys}</kbd> : null}
              </div>
            ))}
            {choices.length === 0 ? <p className={classes.nothing}>{nothing}</p> : null}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
