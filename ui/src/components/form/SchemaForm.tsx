import { Button, Group } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useMemo, useState } from "react";
import { IconCheck, IconClose } from "@/components/icons";
import { decisionOf } from "@/lib/formFaults";
import { type Drafts, type Field, fieldsOf, initialDrafts, readForm } from "@/lib/schemaForm";
import { SchemaField } from "./SchemaField";
import classes from "./Form.module.css";

interface SchemaFormProps {
  form: Field;
  /** Its accessible name. */
  label: string;
  /** The verb on the button. */
  action: string;
  icon?: ReactNode;
  pending: boolean;
  /** What the server found wrong with a field, by its path. */
  fault: { path: string; message: string } | null;
  onSubmit: (value: unknown) => void;
}

/** A value that a JSON Schema describes, as a form. One that asks for approval has a button for yes and one for no. */
export function SchemaForm({ form, label, action, icon, pending, fault, onSubmit }: SchemaFormProps) {
  const [drafts, setDrafts] = useState(() => initialDrafts(form));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [decided, setDecided] = useState<boolean | null>(null);
  const decision = useMemo(() => decisionOf(form), [form]);

  function submit(given: Drafts) {
    const reading = readForm(form, given);
    setFaults(reading.faults);
    if (Object.keys(reading.faults).length === 0) onSubmit(reading.value);
  }

  function decide(approved: boolean) {
    if (!decision) return;
    setDecided(approved);
    submit({ ...drafts, [decision.path]: approved });
  }

  function submitted(event: SyntheticEvent) {
    event.preventDefault();
    if (!decision) submit(drafts);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submitted(event);
  }

  const all = fault === null ? faults : { [fault.path]: fault.message, ...faults };
  return (
    <form onSubmit={submitted} onKeyDown={onKeyDown} noValidate className={classes.form} aria-label={label}>
      {fieldsOf(form)
        .filter((field) => field !== decision)
        .map((field) => (
          <SchemaField
            key={field.path}
            field={field}
            drafts={drafts}
            faults={all}
            onDraft={(path, draft) => setDrafts((now) => ({ ...now, [path]: draft }))}
          />
        ))}
      {decision ? (
        <Group gap="xs" role="group" aria-label={decision.title}>
          <Button
            leftSection={<IconCheck size={16} />}
            loading={pending && decided === true}
            disabled={pending}
            onClick={() => decide(true)}
          >
            Approve
          </Button>
          <Button
            variant="default"
            leftSection={<IconClose size={16} />}
            loading={pending && decided === false}
            disabled={pending}
            onClick={() => decide(false)}
          >
            Decline
          </Button>
        </Group>
      ) : (
        <Group>
          <Button type="submit" loading={pending} leftSection={icon}>
            {action}
          </Button>
        </Group>
      )}
    </form>
  );
}
