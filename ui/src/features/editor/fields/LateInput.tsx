import { TextInput } from "@mantine/core";
import { useState } from "react";

interface LateInputProps {
  label: string;
  value: string;
  /** Why a text cannot be taken; null when it can. */
  faultOf?: (text: string) => string | null;
  onChange: (value: string) => void;
}

/** A text that counts when it is done: on Enter, or when the field is left. Names are such, which others refer to. */
export function LateInput({ label, value, faultOf, onChange }: LateInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const fault =
    draft === null || draft === value ? null : draft === "" ? "It needs a name." : (faultOf?.(draft) ?? null);
  function done() {
    if (draft !== null && draft !== value && fault === null) onChange(draft);
    setDraft(null);
  }
  return (
    <TextInput
      size="xs"
      aria-label={label}
      flex={1}
      value={draft ?? value}
      error={fault}
      spellCheck={false}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
        if (event.key === "Escape") setDraft(null);
      }}
    />
  );
}
