import { Textarea } from "@mantine/core";
import { useState } from "react";
import { isObject, readJson } from "@/lib/json";
import classes from "./Inspector.module.css";

interface JsonFieldProps {
  label: string;
  about: string;
  /** An object; null: none. */
  value: unknown;
  onChange: (value: unknown) => void;
}

/** An object as JSON; left empty it is left out. */
export function JsonField({ label, about, value, onChange }: JsonFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (value === null ? "" : JSON.stringify(value, null, 2));
  const read = text.trim() === "" ? { value: undefined, fault: null } : readJson(text);
  const fault =
    read.fault ?? (read.value === undefined || isObject(read.value) ? null : "This must be an object: {…}.");

  function edit(next: string) {
    setDraft(next);
    const given = next.trim() === "" ? { value: undefined, fault: null } : readJson(next);
    if (given.fault === null && (given.value === undefined || isObject(given.value))) onChange(given.value);
  }

  return (
    <Textarea
      size="sm"
      label={label}
      description={about}
      autosize
      minRows={1}
      maxRows={14}
      spellCheck={false}
      error={fault}
      value={text}
      classNames={{ input: classes.code ?? "" }}
      onChange={(event) => edit(event.currentTarget.value)}
    />
  );
}
