import { Autocomplete, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import {
  arityOf,
  FIELDS,
  kindOf,
  METADATA,
  operatorInWords,
  operatorsOf,
  type Rule,
  withField,
} from "@/lib/conditions";
import type { Operator } from "@/models";
import classes from "./FilterPanel.module.css";

/** A field of the metadata is typed; the others have names. */
const CHOICES = [...FIELDS.map(({ label }) => label), METADATA];

const labelOf = (field: string) => FIELDS.find((known) => known.field === field)?.label ?? field;
const fieldOf = (label: string) => FIELDS.find((known) => known.label === label)?.field ?? label;

/** One condition: a field, what is asked of it, and the values that go with that. */
export function ConditionRow({ rule, onRule }: { rule: Rule; onRule: (rule: Rule) => void }) {
  const kind = kindOf(rule.field);
  return (
    <div className={classes.rule}>
      <Autocomplete
        size="xs"
        aria-label="Field"
        placeholder="metadata.year"
        data={CHOICES}
        filter={({ options }) => options}
        comboboxProps={{ width: 220, position: "bottom-start" }}
        maxLength={300}
        value={labelOf(rule.field)}
        onChange={(label) => onRule(withField(rule, fieldOf(label)))}
      />
      <NativeSelect
        size="xs"
        aria-label="What is asked of it"
        data={operatorsOf(rule.field).map((op) => ({ value: op, label: operatorInWords(op, kind) }))}
        value={rule.op}
        onChange={(event) => onRule({ ...rule, op: event.currentTarget.value as Operator })}
      />
      <div className={classes.values}>
        <Values rule={rule} onValues={(values) => onRule({ ...rule, values })} />
      </div>
    </div>
  );
}

function Values({ rule, onValues }: { rule: Rule; onValues: (values: string[]) => void }) {
  const kind = kindOf(rule.field);
  const [first = "", second = ""] = rule.values;
  const common = {
    size: "xs" as const,
    type: kind === "date" ? "date" : "text",
    inputMode: kind === "number" ? ("numeric" as const) : undefined,
    error: kind === "number" && rule.values.some((text) => text.trim() !== "" && !Number.isFinite(Number(text))),
  };
  switch (arityOf(rule.op)) {
    case "none":
      return null;
    case "one":
      return (
        <TextInput
          {...common}
          aria-label="Value"
          placeholder={kind === "any" ? "text, number or true" : undefined}
          value={first}
          onChange={(event) => onValues([event.currentTarget.value])}
        />
      );
    case "two":
      return (
        <>
          <TextInput
            {...common}
            aria-label="From"
            value={first}
            onChange={(event) => onValues([event.currentTarget.value, second])}
          />
          <TextInput
            {...common}
            aria-label="To"
            value={second}
            onChange={(event) => onValues([first, event.currentTarget.value])}
          />
        </>
      );
    case "many":
      return (
        <TagsInput size="xs" aria-label="Values" placeholder="Enter adds one" value={rule.values} onChange={onValues} />
      );
  }
}
