import { Button, Group, Select } from "@mantine/core";
import { useState } from "react";
import { comparisonOf, expressionOf, groupOf, isExpression, OPERATORS, withOperator } from "@/lib/editor/expressions";
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

const EMPTY = { "==": ["", ""] };

/** An expression: comparisons, and several of them together, as a form; everything else as JSON with its words below. */
export function ConditionField(props: ConditionFieldProps) {
  const { label, value, onChange } = props;
  const [asJson, setAsJson] = useState(false);
  if (value === undefined || value === null) {
    return (
      <Button size="compact-sm" variant="default" onClick={() => onChange(EMPTY)}>
        Add a condition
      </Button>
    );
  }
  const shown = comparisonOf(value) ? "comparison" : groupOf(value) ? "group" : "json";
  const json = asJson || shown === "json";
  return (
    <div className={classes.item}>
      {json ? (
        <>
          <JsonInput label={label} value={value} onChange={onChange} />
          <p className={classes.preview} title={expressionInWords(value)}>
            {expressionInWords(value)}
          </p>
        </>
      ) : shown === "group" ? (
        <Several {...props} />
      ) : (
        <One {...props} />
      )}
      <Group gap={4}>
        {shown === "json" ? null : (
          <Button size="compact-xs" variant="subtle" onClick={() => setAsJson(!json)}>
            {json ? "As a form" : "As JSON"}
          </Button>
        )}
        {shown === "comparison" && !json ? (
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({ and: [value, EMPTY] })}>
            And …
          </Button>
        ) : null}
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(undefined)}>
          Leave out
        </Button>
      </Group>
    </div>
  );
}

function One({ label, path, value, onChange }: ConditionFieldProps) {
  const comparison = comparisonOf(value);
  if (!comparison) return null;
  const operand = (index: number) => {
    const held = comparison.operands[index];
    const change = (next: unknown) =>
      onChange(expressionOf({ ...comparison, operands: comparison.operands.with(index, next ?? "") }));
    const here = `${path}.${comparison.operator}[${index}]`;
    const name = index === 0 ? "What" : "And what";
    if (isExpression(held))
      return (
        <>
          <JsonInput label={`${label}: ${name}`} value={held} minHeight={0} onChange={change} />
          <p className={classes.preview}>{expressionInWords(held)}</p>
        </>
      );
    return <ValueField path={here} label={name} type={ANY} schema={null} required value={held} onChange={change} />;
  };
  return (
    <>
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
    </>
  );
}

function Several({ label, path, value, onChange }: ConditionFieldProps) {
  const group = groupOf(value);
  if (!group) return null;
  const { operator, operands } = group;
  function replace(index: number, next: unknown) {
    const left = next === undefined ? operands.toSpliced(index, 1) : operands.with(index, next);
    onChange(left.length === 1 ? left[0] : { [operator]: left });
  }
  return (
    <>
      <Select
        size="sm"
        aria-label={`${label}: how many must hold`}
        data={[
          { value: "and", label: "All of these" },
          { value: "or", label: "Any of these" },
        ]}
        value={operator}
        allowDeselect={false}
        onChange={(next) => onChange({ [next ?? "and"]: operands })}
      />
      {operands.map((operand, index) => (
        <ConditionField
          key={index}
          label={`${label} ${index + 1}`}
          path={`${path}.${operator}[${index}]`}
          value={operand}
          onChange={(next) => replace(index, next)}
        />
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        className={classes.more ?? ""}
        onClick={() => onChange({ [operator]: [...operands, EMPTY] })}
      >
        One more
      </Button>
    </>
  );
}
