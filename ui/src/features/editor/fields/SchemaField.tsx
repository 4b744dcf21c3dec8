import { Autocomplete, NumberInput, Select, Switch, TagsInput, Textarea } from "@mantine/core";
import { fieldsOfDefinition, definitionOf, type NodeField } from "@/lib/editor/nodeSchemas";
import { faultsAt } from "@/lib/editor/faults";
import { ANY, type JsonType } from "@/lib/editor/jsonTypes";
import { nameInWords } from "@/lib/format";
import { isObject, type JsonObject } from "@/lib/json";
import { CodeEditor } from "../code/CodeEditor";
import { ConditionField } from "./ConditionField";
import { useForm } from "./context";
import { FieldShell } from "./FieldShell";
import { JsonInput } from "./JsonInput";
import { MessagesField } from "./MessagesField";
import { ListField, OptionalGroup } from "./Groups";
import { SchemaEditor } from "./SchemaEditor";
import { useSuggestions } from "./suggestions";
import { ValueField } from "./ValueField";
import { ValueMap } from "./ValueMap";

export interface SchemaFieldProps {
  field: NodeField;
  path: string;
  value: unknown;
  type?: JsonType;
  onChange: (value: unknown) => void;
}

/** A field of a node as its schema describes it; the documentation stands beside it. */
export function SchemaField(props: SchemaFieldProps) {
  const { field, path, value, type = ANY, onChange } = props;
  const { faults } = useForm();
  const { name, schema, description, required, isValue } = field;
  if (isBody(schema)) return null;
  const label = nameInWords(name);
  const isChat = name === "messages" && (value === undefined || Array.isArray(value));
  if (isValue && !isChat) {
    const preferred = name === "prompt" ? { preferred: "template" as const } : {};
    return (
      <ValueField {...{ path, label, description, required, type, value, onChange }} {...preferred} schema={null} />
    );
  }
  return (
    <FieldShell
      path={path}
      label={label}
      required={required}
      description={description}
      faults={holdsFields(schema) ? faults.filter((fault) => fault.field === path) : faultsAt(faults, path)}
    >
      <Control {...props} label={label} />
    </FieldShell>
  );
}

const isBody = (schema: JsonObject) => schema["$ref"] === "#/$defs/Body";

/** What is within has fields of its own, which say themselves what is wrong with them. */
function holdsFields(schema: JsonObject): boolean {
  return itemsOf(schema) !== null || groupOf(schema) !== null || isValueMap(schema);
}

/** The definition of the elements of a list, where they have fields. */
function itemsOf(schema: JsonObject): JsonObject | null {
  const items = schema["items"];
  return isObject(items) && typeof items["$ref"] === "string" ? withFields(items["$ref"]) : null;
}

/** The definition of an object with fields of its own. */
function groupOf(schema: JsonObject): JsonObject | null {
  const options: unknown[] = Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [schema];
  const reference = options.find((option) => isObject(option) && typeof option["$ref"] === "string");
  return isObject(reference) && typeof reference["$ref"] === "string" ? withFields(reference["$ref"]) : null;
}

function withFields(reference: string): JsonObject | null {
  const definition = definitionOf(reference);
  return fieldsOfDefinition(definition).length > 0 ? definition : null;
}

function isValueMap(schema: JsonObject): boolean {
  const more = schema["additionalProperties"];
  return isObject(more) && more["$ref"] === "#/$defs/Value";
}

const isAnySchema = (schema: JsonObject) => schema["additionalProperties"] === true;

function Control({ field, path, value, label, onChange }: SchemaFieldProps & { label: string }) {
  const { schema, isExpression, isValue, name } = field;
  const suggestions = useSuggestions(name, path);
  if (isValue) return <MessagesField path={path} value={Array.isArray(value) ? value : []} onChange={onChange} />;
  if (isExpression) return <ConditionField label={label} path={path} value={value} onChange={onChange} />;
  const items = itemsOf(schema);
  if (items) {
    const list: unknown[] = Array.isArray(value) ? value : [];
    return <ListField path={path} label={label} definition={items} value={list} onChange={onChange} />;
  }
  const group = groupOf(schema);
  if (group) return <OptionalGroup path={path} label={label} definition={group} value={value} onChange={onChange} />;
  if (isValueMap(schema)) {
    const map = isObject(value) ? value : {};
    return <ValueMap path={path} value={map} withResult={name === "write"} {...suggestions.map} onChange={onChange} />;
  }
  if (name === "code" && schema["type"] === "string")
    return (
      <CodeEditor
        label={label}
        language="python"
        value={typeof value === "string" ? value : ""}
        onChange={onChange}
        minHeight={120}
      />
    );
  if (isAnySchema(schema))
    return <SchemaEditor label={label} schema={isObject(value) ? value : {}} onChange={onChange} />;
  return <Simple schema={schema} label={label} value={value} suggestions={suggestions.texts} onChange={onChange} />;
}

interface SimpleProps {
  schema: JsonObject;
  label: string;
  value: unknown;
  /** What may be chosen; others may be typed. */
  suggestions: readonly { value: string; label: string }[] | null;
  onChange: (value: unknown) => void;
}

function Simple({ schema, label, value, suggestions, onChange }: SimpleProps) {
  const types = [schema["type"]].flat();
  const fallback = schema["default"];
  const placeholder = fallback === undefined || fallback === null ? "" : JSON.stringify(fallback);
  const text = typeof value === "string" ? value : "";
  // Emptied, a field that may be left out is.
  const orNothing = (next: string) =>
    onChange(next === "" && !("minLength" in schema) && fallback !== undefined ? undefined : next);
  if (Array.isArray(schema["enum"]))
    return (
      <Select
        size="sm"
        aria-label={label}
        placeholder={placeholder.replaceAll('"', "")}
        data={schema["enum"].map(String)}
        value={typeof value === "string" ? value : null}
        clearable={fallback !== undefined}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  if (types.includes("boolean"))
    return (
      <Switch aria-label={label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  if (types.includes("number") || types.includes("integer"))
    return (
      <NumberInput
        size="sm"
        aria-label={label}
        placeholder={placeholder}
        allowDecimal={types.includes("number")}
        {...(typeof schema["minimum"] === "number" ? { min: schema["minimum"] } : {})}
        {...(typeof schema["maximum"] === "number" ? { max: schema["maximum"] } : {})}
        clampBehavior="none"
        value={typeof value === "number" ? value : ""}
        onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
      />
    );
  if (suggestions)
    return (
      <Autocomplete
        size="sm"
        aria-label={label}
        data={suggestions.map((one) => one.value)}
        renderOption={({ option }) => suggestions.find((one) => one.value === option.value)?.label ?? option.value}
        value={text}
        maxDropdownHeight={260}
        limit={200}
        onChange={orNothing}
      />
    );
  if (types.includes("string"))
    return (
      <Textarea
        size="sm"
        aria-label={label}
        autosize
        minRows={1}
        maxRows={10}
        value={text}
        placeholder={placeholder}
        onChange={(event) => orNothing(event.currentTarget.value)}
      />
    );
  const items = isObject(schema["items"]) ? schema["items"]["type"] : undefined;
  if (types.includes("array") && (items === "string" || items === "integer")) {
    const list: unknown[] = Array.isArray(value) ? value : [];
    return (
      <TagsInput
        size="sm"
        aria-label={label}
        placeholder="Enter adds one"
        value={list.map(String)}
        onChange={(next) => onChange(items === "integer" ? next.map(Number).filter(Number.isInteger) : next)}
      />
    );
  }
  return <JsonInput label={label} value={value} onChange={onChange} />;
}
