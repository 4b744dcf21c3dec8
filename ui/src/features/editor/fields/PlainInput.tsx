import { NumberInput, Select, Switch, Textarea } from "@mantine/core";
import type { PlainControl } from "@/lib/editor/valueModes";
import type { JsonObject } from "@/lib/json";
import { JsonInput } from "./JsonInput";

interface PlainInputProps {
  label: string;
  control: PlainControl;
  schema: JsonObject | null;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** A plain value in the control of its type. Emptied, it is left out. */
export function PlainInput({ label, control, schema, value, onChange }: PlainInputProps) {
  const fallback = schema?.["default"];
  const placeholder =
    fallback === undefined || fallback === null || typeof fallback === "object" ? "" : JSON.stringify(fallback);
  switch (control) {
    case "text":
      return (
        <Textarea
          size="sm"
          aria-label={label}
          placeholder={placeholder}
          autosize
          minRows={1}
          maxRows={12}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange(text === "" && value === undefined ? undefined : text);
          }}
        />
      );
    case "number":
      return (
        <NumberInput
          size="sm"
          aria-label={label}
          placeholder={placeholder}
          value={typeof value === "number" ? value : ""}
          allowDecimal={schema?.["type"] !== "integer"}
          onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
        />
      );
    case "switch":
      return (
        <Switch
          aria-label={label}
          checked={value === true || (value === undefined && fallback === true)}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice": {
      const choices = (schema?.["enum"] as unknown[] | undefined) ?? [];
      return (
        <Select
          size="sm"
          aria-label={label}
          placeholder={placeholder}
          data={choices.map(labelOf)}
          value={value === undefined || value === null ? null : labelOf(value)}
          clearable
          onChange={(next) => onChange(next === null ? undefined : choices.find((choice) => labelOf(choice) === next))}
        />
      );
    }
    case "json":
      return <JsonInput label={label} value={value} onChange={onChange} />;
  }
}

const labelOf = (choice: unknown) => (typeof choice === "string" ? choice : JSON.stringify(choice));
