import { ActionIcon, Button, Switch } from "@mantine/core";
import { IconChevronDown, IconPlus, IconTrash } from "@/components/icons";
import { fieldsOfDefinition } from "@/lib/editor/nodeSchemas";
import { exampleOf } from "@/lib/editor/palette";
import { withValueAt } from "@/lib/editor/values";
import { isObject, type JsonObject } from "@/lib/json";
import classes from "./Fields.module.css";
import { SchemaField } from "./SchemaField";

interface GroupFieldsProps {
  path: string;
  definition: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
}

/** The fields of an object within a node. */
function GroupFields({ path, definition, value, onChange }: GroupFieldsProps) {
  return fieldsOfDefinition(definition).map((field) => (
    <SchemaField
      key={field.name}
      field={field}
      path={`${path}.${field.name}`}
      value={value[field.name]}
      onChange={(next) => onChange(withValueAt(value, field.name, next))}
    />
  ));
}

const beginningOf = (definition: JsonObject): JsonObject =>
  Object.fromEntries(
    fieldsOfDefinition(definition)
      .filter(({ required }) => required)
      .map(({ name, schema }) => [name, exampleOf(schema)]),
  );

interface ListFieldProps {
  path: string;
  label: string;
  definition: JsonObject;
  value: readonly unknown[];
  onChange: (value: unknown[]) => void;
}

/** A list of objects with fields: the cases of a branch, the changes of an update, the tools of an agent. */
export function ListField({ path, label, definition, value, onChange }: ListFieldProps) {
  const exchanged = (index: number) => {
    const [a, b] = [value[index - 1], value[index]];
    return value.with(index - 1, b).with(index, a);
  };
  return (
    <div className={classes.items}>
      {value.map((item, index) => (
        <div key={index} className={classes.item} role="group" aria-label={`${label} ${index + 1}`}>
          <div className={classes.itemHead}>
            <span>{index + 1}</span>
            <span>
              {index > 0 ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`${label} ${index + 1} before the one above`}
                  onClick={() => onChange(exchanged(index))}
                >
                  <span style={{ display: "grid", transform: "rotate(180deg)" }}>
                    <IconChevronDown size={14} />
                  </span>
                </ActionIcon>
              ) : null}
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Take away ${label} ${index + 1}`}
                onClick={() => onChange(value.toSpliced(index, 1))}
              >
                <IconTrash size={14} />
              </ActionIcon>
            </span>
          </div>
          <GroupFields
            path={`${path}[${index}]`}
            definition={definition}
            value={isObject(item) ? item : {}}
            onChange={(next) => onChange(value.with(index, next))}
          />
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.more ?? ""}
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...value, beginningOf(definition)])}
      >
        Add
      </Button>
    </div>
  );
}

interface OptionalGroupProps {
  path: string;
  label: string;
  definition: JsonObject;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** An object that may be left out, switched on and off. */
export function OptionalGroup({ path, label, definition, value, onChange }: OptionalGroupProps) {
  return (
    <div className={classes.items}>
      <Switch
        size="sm"
        aria-label={label}
        label={isObject(value) ? "Set" : "Not set"}
        checked={isObject(value)}
        onChange={(event) => onChange(event.currentTarget.checked ? beginningOf(definition) : undefined)}
      />
      {isObject(value) ? (
        <div className={classes.item}>
          <GroupFields path={path} definition={definition} value={value} onChange={onChange} />
        </div>
      ) : null}
    </div>
  );
}
