import { Button, Group, NumberInput, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type SyntheticEvent, useMemo, useState } from "react";
import { Dialog } from "@/components/Dialog";
import { IconPlus } from "@/components/icons";
import { type CaseDraft, type CaseFaults, type CheckDraft, draftOfCase, NEW_CHECK, readCase } from "@/lib/cases/drafts";
import { pinnable, placesOf } from "@/lib/cases/places";
import { formOf, initialDrafts, readForm } from "@/lib/schemaForm";
import { isObject, type JsonObject } from "@/lib/json";
import type { Case, Toolchain } from "@/models";
import { CheckFields } from "./CheckFields";
import classes from "./CaseDialog.module.css";

interface CaseDialogProps {
  toolchain: Toolchain;
  /** Null: a new one. */
  test: Case | null;
  /** The input that a new one begins with; null: what the toolchain suggests. */
  input: JsonObject | null;
  /** The names of the other cases. */
  taken: readonly string[];
  onClose: () => void;
  onPut: (test: Case) => void;
}

/** A test case to be written or changed. */
export function CaseDialog({ toolchain, test, input, taken, onClose, onPut }: CaseDialogProps) {
  const [draft, setDraft] = useState<CaseDraft>(() => draftOfCase(test, input ?? beginning(toolchain)));
  const [faults, setFaults] = useState<CaseFaults>({});
  const places = useMemo(() => placesOf(toolchain), [toolchain]);
  const nodes = useMemo(() => pinnable(toolchain), [toolchain]);

  function change(changed: Partial<CaseDraft>) {
    setDraft((before) => ({ ...before, ...changed }));
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    const read = readCase(draft, taken);
    setFaults(read.faults);
    if (read.test) onPut(read.test);
  }

  const json = {
    autosize: true,
    minRows: 2,
    maxRows: 12,
    spellCheck: false,
    classNames: { input: classes.json ?? "" },
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      // What was typed is not lost by a slip of the mouse.
      closeOnClickOutside={false}
      title={<Text fw={600}>{test ? "Change the test case" : "New test case"}</Text>}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label="Name"
            placeholder="What it shows"
            maxLength={200}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            error={faults["name"]}
            data-autofocus
          />
          <Textarea
            {...json}
            label="Input"
            value={draft.input}
            onChange={(event) => change({ input: event.currentTarget.value })}
            error={faults["input"]}
          />
          <section aria-label="Checks">
            <Text size="sm" fw={550} mb={4}>
              Checks
            </Text>
            <ol className={classes.checks}>
              {draft.checks.map((check, place) => (
                <li key={place}>
                  <CheckFields
                    draft={check}
                    places={places}
                    faults={faults}
                    path={`checks.${place}`}
                    onDraft={(changed: CheckDraft) => change({ checks: draft.checks.with(place, changed) })}
                    onRemove={() => change({ checks: draft.checks.toSpliced(place, 1) })}
                  />
                </li>
              ))}
            </ol>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => change({ checks: [...draft.checks, { ...NEW_CHECK, of: places[0] ?? "" }] })}
            >
              Add a check
            </Button>
            {draft.checks.length === 0 ? (
              <Text size="xs" c="dimmed" mt={4}>
                Without one it passes when the run completes.
              </Text>
            ) : null}
          </section>
          <Textarea
            {...json}
            label="Pinned results"
            description={`By node: such a node is not done and gives what stands here. ${nodes.slice(0, 12).join(", ")}`}
            placeholder={nodes[0] ? `{"${nodes[0]}": …}` : "{}"}
            value={draft.pinned}
            onChange={(event) => change({ pinned: event.currentTarget.value })}
            error={faults["pinned"]}
          />
          <NumberInput
            label="Seconds at most"
            value={draft.seconds}
            min={0.1}
            max={3600}
            w={160}
            onChange={(value) => change({ seconds: typeof value === "number" ? value : 300 })}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">{test ? "Change it" : "Add it"}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** The input that a new case begins with: the first suggestion, else what the schema says by itself. */
function beginning(toolchain: Toolchain): Record<string, unknown> {
  const suggested = toolchain.suggestions?.[0]?.input;
  if (suggested) return suggested;
  const form = formOf(toolchain.input);
  const { value } = readForm(form, initialDrafts(form));
  const needed = form.fields.filter(({ required }) => required).map(({ name }) => [name, ""] as const);
  return { ...Object.fromEntries(needed), ...(isObject(value) ? value : {}) };
}
