import { ActionIcon, Button, Checkbox, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { IconPlus, IconTrash } from "@/components/icons";
import { rowsOf, type SchemaRow, TYPES, withNewRow, withoutRow, withRow } from "@/lib/editor/schemaTable";
import type { JsonObject } from "@/lib/json";
import classes from "./Fields.module.css";
import { JsonInput } from "./JsonInput";
import { LateInput } from "./LateInput";

interface SchemaEditorProps {
  label: string;
  schema: JsonObject;
  onChange: (schema: JsonObject) => void;
  /** What another name of a property changes elsewhere. */
  onRename?: (from: string, to: string) => void;
}

/** The JSON Schema of an object, as a table of its properties and as JSON. */
export function SchemaEditor({ label, schema, onChange, onRename }: SchemaEditorProps) {
  const [form, setForm] = useState("table");
  const rows = rowsOf(schema);
  return (
    <div className={classes.items}>
      <SegmentedControl
        size="xs"
        aria-label={`${label} as`}
        data={[
          { value: "table", label: "Table" },
          { value: "json", label: "JSON" },
        ]}
        value={form}
        onChange={setForm}
      />
      {form === "json" ? (
        <JsonInput
          label={`${label} as JSON`}
          value={schema}
          minHeight={120}
          onChange={(next) => onChange(next as JsonObject)}
        />
      ) : (
        <>
          {rows.map((row) => (
            <Row
              key={row.name}
              row={row}
              isTaken={(name) => rows.some((other) => other.name === name)}
              onChange={(change) => {
                if (change.name !== undefined) onRename?.(row.name, change.name);
                onChange(withRow(schema, row.name, change));
              }}
              onRemove={() => onChange(withoutRow(schema, row.name))}
            />
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            className={classes.more ?? ""}
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange(withNewRow(schema))}
          >
            Add a field
          </Button>
        </>
      )}
    </div>
  );
}

interface RowProps {
  row: SchemaRow;
  isTaken: (name: string) => boolean;
  onChange: (change: Partial<Omit<SchemaRow, "schema">>) => void;
  onRemove: () => void;
}

function Row({ row, isTaken, onChange, onRemove }: RowProps) {
  const { name, type, nullable, required, title, description } = row;
  return (
    <div className={classes.item} role="group" aria-label={name}>
      <div className={classes.itemHead}>
        <LateInput
          label="Name"
          value={name}
          faultOf={(next) => (isTaken(next) ? "That is there already." : null)}
          onChange={(next) => onChange({ name: next })}
        />
        <Select
          size="xs"
          aria-label={`Type of ${name}`}
          data={type === "other" ? [...TYPES, "other"] : [...TYPES]}
          value={type}
          allowDeselect={false}
          onChange={(next) => onChange({ type: next ?? "any" })}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={`Take away ${name}`} onClick={onRemove}>
          <IconTrash size={15} />
        </ActionIcon>
      </div>
      <TextInput
        size="xs"
        aria-label={`Title of ${name}`}
        placeholder="Title"
        value={title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        aria-label={`Description of ${name}`}
        placeholder="Description"
        value={description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <div style={{ display: "flex", gap: 16 }}>
        <Checkbox
          size="xs"
          label="Needed"
          checked={required}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
        <Checkbox
          size="xs"
          label="May be null"
          checked={nullable}
          disabled={type === "any" || type === "other"}
          onChange={(event) => onChange({ nullable: event.currentTarget.checked })}
        />
      </div>
    </div>
  );
}
