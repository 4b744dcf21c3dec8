import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { IconChevronDown } from "@/components/icons";
import type { JsonObject } from "@/lib/json";
import { type JsonType, typeInWords } from "@/lib/editor/jsonTypes";
import { controlOf, inMode, MODE_WORDS, modeOf, type ValueMode } from "@/lib/editor/valueModes";
import { markOf } from "@/lib/editor/values";
import { CodeEditor } from "../code/CodeEditor";
import { ConditionField } from "./ConditionField";
import { useForm } from "./context";
import classes from "./Fields.module.css";
import { FieldShell } from "./FieldShell";
import { JsonInput } from "./JsonInput";
import { PlainInput } from "./PlainInput";
import { ReferencePicker } from "./ReferencePicker";

export interface ValueFieldProps {
  path: string;
  label: string;
  description?: string;
  required?: boolean;
  type: JsonType;
  /** What a plain value looks like, where it is known. */
  schema: JsonObject | null;
  value: unknown;
  /** Undefined takes the field away. */
  onChange: (value: unknown) => void;
  /** How it is written as long as nothing is. */
  preferred?: ValueMode;
  /** The node's own result may be referred to. */
  withResult?: boolean;
}

/** A value of the toolchain language: written plainly, or as a reference, a template or an expression. */
export function ValueField(props: ValueFieldProps) {
  const { path, label, description, required, type, value, onChange } = props;
  const { faults } = useForm();
  const [chosen, setChosen] = useState<ValueMode | null>(null);
  const empty = value === undefined || value === null || value === "";
  const given = empty && props.preferred ? props.preferred : modeOf(value, type);
  // What was chosen holds as long as nothing is there that says otherwise.
  const mode = chosen !== null && (empty || given === "plain") ? chosen : given;
  return (
    <FieldShell
      path={path}
      label={label}
      required={required}
      description={description}
      faults={faults.filter(
        ({ field }) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`),
      )}
      aside={
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="subtle"
              size="compact-xs"
              className={classes.modes ?? ""}
              rightSection={<IconChevronDown size={12} />}
              aria-label={`How “${label}” is written: ${MODE_WORDS[mode]}`}
            >
              {MODE_WORDS[mode]}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Takes {typeInWords(type)}</Menu.Label>
            {(Object.keys(MODE_WORDS) as ValueMode[]).map((one) => (
              <Menu.Item
                key={one}
                onClick={() => {
                  setChosen(one);
                  if (one !== mode) onChange(inMode(value, one));
                }}
              >
                {MODE_WORDS[one]}
              </Menu.Item>
            ))}
            {value !== undefined && !required ? (
              <>
                <Menu.Divider />
                <Menu.Item
                  onClick={() => {
                    setChosen(null);
                    onChange(undefined);
                  }}
                >
                  Leave out
                </Menu.Item>
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      }
    >
      <Written {...props} mode={mode} />
    </FieldShell>
  );
}

function Written({
  mode,
  label,
  type,
  schema,
  value,
  onChange,
  withResult,
  path,
}: ValueFieldProps & { mode: ValueMode }) {
  const form = useForm();
  const referables = withResult ? form.withResult : form.referables;
  const held: unknown = markOf(value) === null ? undefined : Object.values(value as JsonObject)[0];
  switch (mode) {
    case "ref":
      return (
        <ReferencePicker
          label={label}
          value={typeof held === "string" ? held : ""}
          wanted={type}
          options={referables}
          onChange={(ref) => onChange(ref === "" ? undefined : { ref })}
        />
      );
    case "template":
      return (
        <CodeEditor
          label={label}
          language="template"
          value={typeof held === "string" ? held : ""}
          completions={referables.map(({ path: at, group }) => ({ label: at, detail: group }))}
          onChange={(template) => onChange({ template })}
          minHeight={72}
        />
      );
    case "expr":
      return (
        <ConditionField label={label} path={`${path}.expr`} value={held} onChange={(expr) => onChange({ expr })} />
      );
    case "plain":
      return (
        <PlainInput label={label} control={controlOf(schema, type)} schema={schema} value={value} onChange={onChange} />
      );
    case "json":
      return <JsonInput label={label} value={value} onChange={onChange} />;
  }
}
