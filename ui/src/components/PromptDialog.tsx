import { Button, Group, Text, TextInput } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { inWords } from "@/lib/words";
import { Dialog } from "./Dialog";

interface PromptDialogProps {
  opened: boolean;
  title: string;
  label: string;
  placeholder?: string;
  initial?: string;
  maxLength: number;
  /** The verb on the button, such as "Create". */
  action: string;
  pending?: boolean;
  fault?: unknown;
  onSubmit: (value: string) => void;
  onClose: () => void;
}

/** Asks for one line of text, never an empty one. */
export function PromptDialog(props: PromptDialogProps) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={<Text fw={600}>{props.title}</Text>}>
      <PromptForm {...props} />
    </Dialog>
  );
}

// The form lives only while the dialog is open, so that each opening begins with the initial text.
function PromptForm(props: PromptDialogProps) {
  const [value, setValue] = useState(props.initial ?? "");
  const text = value.trim();

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (text !== "") props.onSubmit(text);
  }

  return (
    <form onSubmit={submit}>
      <TextInput
        label={props.label}
        placeholder={props.placeholder}
        value={value}
        maxLength={props.maxLength}
        onChange={(event) => setValue(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        error={props.fault ? inWords(props.fault) : null}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={text === ""} loading={props.pending ?? false}>
          {props.action}
        </Button>
      </Group>
    </form>
  );
}
