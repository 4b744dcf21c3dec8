import { Button, Group, Select } from "@mantine/core";
import { useState } from "react";
import { comparisonOf, expressionOf, OPERATORS, withOperator } from "@/lib/editor/expressions";
import { ANY } from "@/lib/editor/jsonTypes";
import { expressionInWords } from "@/lib/expression";
import classes from "./Fields.module.css";
import { JsonInput } from "./JsonInput";
import { ValueField } from "./ValueField";

interface ConditionFieldProps {
  label: string;
  path: string;
  value: unknown;
  onChange: (expression: unknown) => void;
}

/** An expression: a comparison as a form, everything else as JSON with its words below. */
export function ConditionField({ label, path, value, onChange }: ConditionFieldProps) {
  const comparison = comparisonOf(value);
  const [asJson, setAsJson] = useState(comparison === null && value !== undefined && value !== null);
  if (asJson || comparison === null) {
    return (
      <>
        {value === undefined || value === null ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setAsJson(false);
              onChange({ "==": ["", ""] });
            }}
          >
            Add a condition
          </Button>
        ) : (
          <>
            <JsonInput label={label} value={value} onChange={onChange} />
            <p className={classes.preview}>{expressionInWords(value)}</p>
          </>
        )}
        {comparison ? (
          <Button size="compact-xs" variant="subtle" onClick={() => setAsJson(false)}>
            As a form
          </Button>
        ) : null}
      </>
    );
  }
  const operand = (index: number) => (
    <ValueField
      path={`${path}.${comparison.operator}[${index}]`}
      label={index === 0 ? "What" : "And what"}
      type={ANY}
      schema={null}
      required
      value={comparison.operands[index]}
      onChange={(next) =>
        onChange(expressionOf({ ...comparison, operands: comparison.operands.with(index, next ?? "") }))
      }
    />
  );
  return (
    <div className={classes.item}>
      {operand(0)}
      <Select
        size="sm"
        aria-label={`${label}: comparison`}
        data={OPERATORS.map(({ operator, words }) => ({ value: operator, label: words }))}
        value={comparison.operator}
        allowDeselect={false}
        onChange={(next) => onChange(expressionOf(withOperator(comparison, next ?? "==")))}
      />
      {comparison.operands.length > 1 ? operand(1) : null}
      <Group gap={4}>
        <Button size="compact-xs" variant="subtle" onClick={() => setAsJson(true)}>
          As JSON
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(undefined)}>
          Leave out
        </Button>
      </Group>
    </div>
  );
}
