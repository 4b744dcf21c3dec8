import { Fieldset, MultiSelect, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { Draft, Drafts, Field } from "@/lib/schemaForm";
import classes from "./Form.module.css";

interface SchemaFieldProps {
  field: Field;
  drafts: Drafts;
  /** What is wrong, by path. */
  faults: Record<string, string>;
  onDraft: (path: string, draft: Draft) => void;
}

/** A field of a form, and those within it. */
export function SchemaField({ field, drafts, faults, onDraft }: SchemaFieldProps) {
  if (field.kind === "group") {
    return (
      <Fieldset legend={field.title} className={classes.group ?? ""}>
        {field.description ? <p className={classes.note}>{field.description}</p> : null}
        {faults[field.path] ? (
          <p className={classes.fault} role="alert">
            {faults[field.path]}
          </p>
        ) : null}
        {field.fields.map((inner) => (
          <SchemaField key={inner.path} field={inner} drafts={drafts} faults={faults} onDraft={onDraft} />
        ))}
      </Fieldset>
    );
  }
  return (
    <OneField
      field={field}
      draft={drafts[field.path] ?? field.initial}
      fault={faults[field.path]}
      onChange={(draft) => onDraft(field.path, draft)}
    />
  );
}

interface OneFieldProps {
  field: Field;
  draft: Draft;
  fault: string | undefined;
  onChange: (draft: Draft) => void;
}

function OneField({ field, draft, fault, onChange }: OneFieldProps) {
  const common = {
    label: field.title || "Value",
    description: field.description || undefined,
    required: field.required && field.path !== "",
    error: fault,
  };
  const text = typeof draft === "string" ? draft : "";
  const labels = [...new Set(field.choices.map(({ label }) => label))];
  switch (field.kind) {
    case "line":
      return <TextInput {...common} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
    case "text":
    case "json":
    case "group":
      return (
        <Textarea
          {...common}
          description={field.kind === "json" ? field.description || "As JSON" : common.description}
          autosize
          minRows={field.kind === "text" ? 3 : 1}
          maxRows={16}
          value={text}
          spellCheck={field.kind === "text"}
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
          label={common.label}
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
          data={labels}
          value={text || null}
          clearable={!field.required}
          onChange={(value) => onChange(value ?? "")}
        />
      );
    case "choices":
      return <MultiSelect {...common} data={labels} value={Array.isArray(draft) ? draft : []} onChange={onChange} />;
    case "texts":
      return (
        <TagsInput
          {...common}
          placeholder="Enter adds one"
          value={Array.isArray(draft) ? draft : []}
          onChange={onChange}
        />
      );
  }
}
