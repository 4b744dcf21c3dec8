import { ActionIcon, Autocomplete, Group, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { IconTrash } from "@/components/icons";
import type { CaseFaults, CheckDraft } from "@/lib/cases/drafts";
import { CHECK_KINDS, type CheckKind } from "@/lib/cases/words";
import classes from "./CaseDialog.module.css";

interface CheckFieldsProps {
  draft: CheckDraft;
  /** Where it may look, to choose from. */
  places: string[];
  faults: CaseFaults;
  path: string;
  onDraft: (draft: CheckDraft) => void;
  onRemove: () => void;
}

const KINDS = Object.entries(CHECK_KINDS).map(([value, { label }]) => ({ value, label }));

/** One check of a test case: where it looks, what it asks for. */
export function CheckFields({ draft, places, faults, path, onDraft, onRemove }: CheckFieldsProps) {
  const change = (changed: Partial<CheckDraft>) => onDraft({ ...draft, ...changed });
  return (
    <div className={classes.check}>
      <Group gap="xs" align="flex-start">
        <Autocomplete
          flex={1}
          miw={180}
          aria-label="Looks at"
          placeholder="output.answer"
          data={places}
          limit={40}
          value={draft.of}
          onChange={(of) => change({ of })}
          error={faults[`${path}.of`]}
          classNames={{ input: classes.json ?? "" }}
        />
        <Select
          w={170}
          aria-label="Kind of check"
          data={KINDS}
          value={draft.kind}
          allowDeselect={false}
          onChange={(kind) => change({ kind: (kind ?? draft.kind) as CheckKind })}
        />
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Remove the check" onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Asked draft={draft} faults={faults} path={path} change={change} />
      <Group gap="md">
        <Switch
          size="xs"
          label="It must not hold"
          checked={draft.negate}
          onChange={(event) => change({ negate: event.currentTarget.checked })}
        />
        {draft.kind === "contains" ? (
          <Switch
            size="xs"
            label="Upper and lower case are the same"
            checked={draft.ignoreCase}
            onChange={(event) => change({ ignoreCase: event.currentTarget.checked })}
          />
        ) : null}
      </Group>
    </div>
  );
}

interface AskedProps {
  draft: CheckDraft;
  faults: CaseFaults;
  path: string;
  change: (changed: Partial<CheckDraft>) => void;
}

function Asked({ draft, faults, path, change }: AskedProps) {
  const text = { autosize: true, minRows: 1, maxRows: 10 };
  const { about } = CHECK_KINDS[draft.kind];
  switch (draft.kind) {
    case "equals":
    case "contains":
    case "similar":
      return (
        <>
          <Textarea
            {...text}
            aria-label="Value"
            description={`${about} JSON, or text as it is.`}
            value={draft.value}
            onChange={(event) => change({ value: event.currentTarget.value })}
          />
          {draft.kind === "similar" ? (
            <NumberInput
              label="Cosine of at least"
              w={160}
              min={-1}
              max={1}
              step={0.05}
              decimalScale={3}
              value={draft.least}
              onChange={(value) => change({ least: typeof value === "number" ? value : 0.7 })}
            />
          ) : null}
        </>
      );
    case "schema":
      return (
        <Textarea
          {...text}
          aria-label="JSON Schema"
          description={about}
          spellCheck={false}
          value={draft.form}
          onChange={(event) => change({ form: event.currentTarget.value })}
          error={faults[`${path}.form`]}
          classNames={{ input: classes.json ?? "" }}
        />
      );
    case "judged":
      return (
        <>
          <Textarea
            {...text}
            aria-label="Question"
            description={about}
            placeholder="Does the text answer the question politely?"
            maxLength={4000}
            value={draft.question}
            onChange={(event) => change({ question: event.currentTarget.value })}
            error={faults[`${path}.question`]}
          />
          <TextInput
            aria-label="Model"
            placeholder="The platform’s default model"
            maxLength={400}
            value={draft.model}
            onChange={(event) => change({ model: event.currentTarget.value })}
          />
        </>
      );
  }
}
