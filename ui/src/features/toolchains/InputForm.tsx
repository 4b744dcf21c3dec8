import { Button, Group, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { type KeyboardEvent, type SyntheticEvent, useMemo, useState } from "react";
import { IconPlay } from "@/components/icons";
import { type Draft, type Field, fieldsOf, initialDrafts, readDrafts } from "@/lib/inputForm";
import { isObject, type JsonObject, readJson } from "@/lib/json";
import classes from "./RunPanel.module.css";

interface InputFormProps {
  schema: JsonObject | undefined;
  pending: boolean;
  /** What the server found wrong, where it named a field of the input. */
  fault: { field: string; message: string } | null;
  onSubmit: (input: JsonObject) => void;
}

/** A toolchain's input as a form, or as JSON where its schema names no properties. */
export function InputForm({ schema, pending, fault, onSubmit }: InputFormProps) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [drafts, setDrafts] = useState(() => initialDrafts(fields));
  const [json, setJson] = useState("{}");
  const [faults, setFaults] = useState<Record<string, string>>({});

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    const reading = fields.length > 0 ? readDrafts(fields, drafts) : readWhole(json);
    setFaults(reading.faults);
    if (Object.keys(reading.faults).length === 0) onSubmit(reading.input);
  }

  function submitOnEnter(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit(event);
  }

  return (
    <form onSubmit={submit} onKeyDown={submitOnEnter} noValidate className={classes.form} aria-label="Input of the run">
      {fields.length === 0 ? (
        <Textarea
          label="Input as JSON"
          autosize
          minRows={4}
          maxRows={16}
          value={json}
          error={faults[""]}
          classNames={{ input: classes.code ?? "" }}
          onChange={(event) => setJson(event.currentTarget.value)}
        />
      ) : (
        fields.map((field) => (
          <InputField
            key={field.name}
            field={field}
            draft={drafts[field.name] ?? field.initial}
            fault={faults[field.name] ?? (fault?.field === field.name ? fault.message : undefined)}
            onChange={(draft) => setDrafts({ ...drafts, [field.name]: draft })}
          />
        ))
      )}
      <Group>
        <Button type="submit" loading={pending} leftSection={<IconPlay size={15} />}>
          Run
        </Button>
      </Group>
    </form>
  );
}

function readWhole(json: string): { input: JsonObject; faults: Record<string, string> } {
  const { value, fault } = readJson(json);
  if (fault !== null) return { input: {}, faults: { "": fault } };
  return isObject(value)
    ? { input: value, faults: {} }
    : { input: {}, faults: { "": "A run’s input is an object: {…}." } };
}

interface InputFieldProps {
  field: Field;
  draft: Draft;
  fault: string | undefined;
  onChange: (draft: Draft) => void;
}

function InputField({ field, draft, fault, onChange }: InputFieldProps) {
  const common = {
    label: field.title,
    description: field.description || undefined,
    required: field.required,
    error: fault,
  };
  const text = typeof draft === "string" ? draft : "";
  switch (field.kind) {
    case "line":
      return <TextInput {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    case "text":
    case "json":
      return (
        <Textarea
          {...common}
          description={field.kind === "json" ? field.description || "As JSON" : common.description}
          autosize
          minRows={field.kind === "text" ? 3 : 1}
          maxRows={12}
          value={text}
          classNames={field.kind === "json" ? { input: classes.code ?? "" } : {}}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "number":
    case "integer":
      return (
        <NumberInput
          {...common}
          value={text}
          allowDecimal={field.kind === "number"}
          {...(field.minimum === null ? {} : { min: field.minimum })}
          {...(field.maximum === null ? {} : { max: field.maximum })}
          clampBehavior="none"
          onChange={(value) => onChange(String(value))}
        />
      );
    case "switch":
      return (
        <Switch
          label={field.title}
          description={common.description}
          error={fault}
          checked={draft === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={[...new Set(field.choices.map(({ label }) => label))]}
          value={text || null}
          clearable={!field.required}
          onChange={(value) => onChange(value ?? "")}
        />
      );
    case "texts":
      return (
        <TagsInput
          {...common}
          placeholder="Enter adds one"
          value={Array.isArray(draft) ? draft : []}
          onChange={(value) => onChange(value)}
        />
      );
  }
}
