import { Autocomplete, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { modeOf, textOfValue, type ValueMode, valueOfText } from "@/lib/pageBindings";
import { readJson } from "@/lib/json";
import classes from "./Inspector.module.css";

interface ValueFieldProps {
  label: string;
  about?: string;
  value: unknown;
  references: readonly string[];
  onChange: (value: unknown) => void;
}

const MODES = [
  { value: "reference", label: "Bound" },
  { value: "words", label: "Words" },
  { value: "json", label: "JSON" },
];

/** A value: bound to what the page knows, words with such places in them, or JSON. */
export function ValueField({ label, about, value, references, onChange }: ValueFieldProps) {
  const [mode, setMode] = useState<ValueMode>(() => modeOf(value));
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? textOfValue(value, mode);
  const fault = mode === "json" && text.trim() !== "" ? readJson(text).fault : null;

  function edit(next: string) {
    // JSON that is not yet any is kept as text alone.
    const unfinished = mode === "json" && next.trim() !== "" && readJson(next).fault !== null;
    setDraft(mode === "json" ? next : null);
    if (!unfinished) onChange(valueOfText(next, mode));
  }

  const common = { "aria-label": label, value: text, size: "sm" as const };
  return (
    <div role="group" aria-label={label}>
      <div className={classes.head}>
        <span className={classes.name}>{label}</span>
        <SegmentedControl
          size="xs"
          data={MODES}
          value={mode}
          aria-label={`${label}: how it is given`}
          onChange={(next) => {
            setMode(next as ValueMode);
            setDraft(null);
          }}
        />
      </div>
      {about ? <p className={classes.about}>{about}</p> : null}
      {mode === "reference" ? (
        <Autocomplete {...common} data={[...references]} placeholder="state.…" limit={50} onChange={edit} />
      ) : (
        <Textarea
          {...common}
          autosize
          minRows={1}
          maxRows={12}
          error={fault}
          placeholder={mode === "words" ? "Words, with {{ state.… }} in them" : "[1, 2, 3]"}
          classNames={mode === "json" ? { input: classes.code ?? "" } : {}}
          onChange={(event) => edit(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
