import { ActionIcon, Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { IconPlus, IconTrash } from "@/components/icons";
import { withStateRenamed } from "@/lib/editor/rename";
import { freshName } from "@/lib/editor/schemaTable";
import { withValueAt } from "@/lib/editor/values";
import { isObject } from "@/lib/json";
import type { StateKey, Toolchain } from "@/models";
import classes from "../fields/Fields.module.css";
import { JsonInput } from "../fields/JsonInput";
import { LateInput } from "../fields/LateInput";
import { useEditor } from "../store";

const TYPES: StateKey["type"][] = ["string", "integer", "number", "boolean", "object", "array", "any"];
const REDUCERS: NonNullable<StateKey["reducer"]>[] = ["set", "append", "merge", "add", "messages"];

/** The keys that nodes read and write, as a table and as JSON. */
export function StateTable() {
  const state = useEditor((editor) => editor.toolchain.state) ?? {};
  const faults = useEditor((editor) => editor.faults).filter(({ field }) => field.startsWith("state"));
  const edit = useEditor((editor) => editor.edit);
  const [form, setForm] = useState("table");
  const change = (next: Toolchain["state"]) =>
    edit({ label: "Change the state", merge: "state", change: (now) => ({ ...now, state: next ?? {} }) });
  return (
    <div className={classes.items}>
      <SegmentedControl
        size="xs"
        aria-label="State as"
        data={[
          { value: "table", label: "Table" },
          { value: "json", label: "JSON" },
        ]}
        value={form}
        onChange={setForm}
      />
      {form === "json" ? (
        <JsonInput
          label="State as JSON"
          value={state}
          minHeight={120}
          onChange={(next) => {
            if (next === undefined || isKeys(next)) change(next);
          }}
        />
      ) : (
        <>
          {Object.entries(state).map(([name, key]) => (
            <Key
              key={name}
              name={name}
              value={key}
              taken={state}
              onRename={(next) =>
                edit({ label: `Rename “${name}”`, change: (now) => withStateRenamed(now, name, next) })
              }
              onChange={(next) => change({ ...state, [name]: next })}
              onRemove={() => change(Object.fromEntries(Object.entries(state).filter(([one]) => one !== name)))}
            />
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            className={classes.more ?? ""}
            leftSection={<IconPlus size={14} />}
            onClick={() => change({ ...state, [freshName(state, "key")]: { type: "string" } })}
          >
            Add a key
          </Button>
        </>
      )}
      {faults.map(({ path, message }) => (
        <p key={path} className={classes.fault} role="alert">
          {path}: {message}
        </p>
      ))}
    </div>
  );
}

const isKeys = (value: unknown): value is NonNullable<Toolchain["state"]> =>
  isObject(value) && Object.values(value).every((key) => isObject(key) && typeof key["type"] === "string");

interface KeyProps {
  name: string;
  value: StateKey;
  taken: object;
  onRename: (name: string) => void;
  onChange: (value: StateKey) => void;
  onRemove: () => void;
}

function Key({ name, value, taken, onRename, onChange, onRemove }: KeyProps) {
  return (
    <div className={classes.item} role="group" aria-label={name} data-path={`state.${name}`}>
      <div className={classes.itemHead}>
        <LateInput
          label={`Name of ${name}`}
          value={name}
          faultOf={(next) => (Object.hasOwn(taken, next) ? "That is there already." : null)}
          onChange={onRename}
        />
        <Select
          size="xs"
          aria-label={`Type of ${name}`}
          data={TYPES}
          value={value.type}
          allowDeselect={false}
          onChange={(type) => onChange({ ...value, type: type ?? "any" })}
        />
        <ActionIcon variant="subtle" color="gray" aria-label={`Take away ${name}`} onClick={onRemove}>
          <IconTrash size={15} />
        </ActionIcon>
      </div>
      <div className={classes.itemHead}>
        <Select
          size="xs"
          aria-label={`How a write meets ${name}`}
          data={REDUCERS}
          value={value.reducer ?? "set"}
          allowDeselect={false}
          onChange={(reducer) => onChange({ ...value, reducer: reducer ?? "set" })}
        />
        <Select
          size="xs"
          aria-label={`How long ${name} lasts`}
          data={[
            { value: "run", label: "in one run" },
            { value: "thread", label: "in a thread" },
          ]}
          value={value.scope ?? "run"}
          allowDeselect={false}
          onChange={(scope) => onChange({ ...value, scope: scope ?? "run" })}
        />
      </div>
      <TextInput
        size="xs"
        aria-label={`Description of ${name}`}
        placeholder="Description"
        value={value.description ?? ""}
        onChange={(event) => onChange({ ...value, description: event.currentTarget.value })}
      />
      <div>
        <p className={classes.note}>Begins as (JSON)</p>
        <JsonInput
          label={`What ${name} begins as`}
          value={value.default}
          minHeight={0}
          onChange={(next) => onChange(withValueAt(value, "default", next))}
        />
      </div>
    </div>
  );
}
