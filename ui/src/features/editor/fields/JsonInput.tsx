import { useState } from "react";
import { readJson } from "@/lib/json";
import { CodeEditor } from "../code/CodeEditor";
import classes from "./Fields.module.css";

interface JsonInputProps {
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  minHeight?: number;
}

const written = (value: unknown) => (value === undefined ? "" : JSON.stringify(value, null, 2));

/** A value as JSON. What cannot be read yet stays a text here; what can be is taken at once. */
export function JsonInput({ label, value, onChange, minHeight = 60 }: JsonInputProps) {
  const [draft, setDraft] = useState<{ text: string; of: unknown } | null>(null);
  // What is written elsewhere takes the place of the draft.
  const text = draft && draft.of === value ? draft.text : written(value);
  const { fault } = text.trim() === "" ? { fault: null } : readJson(text);
  function change(next: string) {
    if (next.trim() === "") {
      setDraft({ text: next, of: undefined });
      onChange(undefined);
      return;
    }
    const read = readJson(next);
    setDraft({ text: next, of: read.fault === null ? read.value : value });
    if (read.fault === null) onChange(read.value);
  }
  return (
    <>
      <CodeEditor label={label} language="json" value={text} onChange={change} minHeight={minHeight} />
      {fault === null ? null : (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
    </>
  );
}
