import { Button, Group, Text, Textarea, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { useForkRun } from "@/api/runs";
import { Dialog } from "@/components/Dialog";
import { Failure } from "@/components/Failure";
import { toast } from "@/components/toast";
import { readEdits } from "@/lib/checkpoints";
import { plural } from "@/lib/format";
import { asDraft } from "@/lib/tryit/pins";
import { summary } from "@/lib/json";
import type { Checkpoint, StateKey, Toolchain } from "@/models";
import classes from "./CheckpointPanel.module.css";

interface ForkDialogProps {
  checkpoint: Checkpoint;
  state: Record<string, unknown>;
  /** The state as the toolchain declares it. */
  keys: Record<string, StateKey>;
  /** What goes on in the place of what was run. */
  draft?: Toolchain | undefined;
  onForked: (runId: string) => void;
  onClose: () => void;
}

/** Begins a new run at a checkpoint; the state keys that are opened can be changed first. */
export function ForkDialog({ checkpoint, state, keys, draft, onForked, onClose }: ForkDialogProps) {
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const fork = useForkRun();
  const { state: edits, faults } = readEdits(state, drafts, keys);
  const changes = Object.keys(edits).length;
  const field = fork.error instanceof ApiError ? /^state\.([^.[]+)/.exec(fork.error.field ?? "")?.[1] : undefined;

  function toggle(name: string) {
    setDrafts(({ [name]: open, ...others }) =>
      open === undefined ? { ...others, [name]: JSON.stringify(state[name] ?? null, null, 2) } : others,
    );
  }

  function submit() {
    fork.mutate(
      {
        checkpoint_id: checkpoint.checkpoint_id,
        state: changes > 0 ? edits : null,
        ...(draft ? asDraft(draft) : {}),
      },
      {
        onSuccess: ({ run_id }) => {
          toast("done", "The fork runs.");
          onClose();
          onForked(run_id);
        },
      },
    );
  }

  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Fork from step {checkpoint.step}</Text>}>
      <Text size="sm" c="dimmed">
        A new run begins here, on a thread of its own: what was done up to this step is not done again. Open a key to
        change what the fork goes on with.
      </Text>
      <ul className={classes.edits} aria-label="State">
        {Object.entries(state).map(([name, value]) => {
          const draft = drafts[name];
          const fault = faults[name] ?? (field === name ? fork.error?.message : undefined);
          return (
            <li key={name}>
              <UnstyledButton
                className={classes.key}
                aria-expanded={draft !== undefined}
                aria-label={draft === undefined ? `Change ${name}` : `Leave ${name} as it is`}
                onClick={() => toggle(name)}
              >
                <code>{name}</code>
                <span className={classes.value}>{draft === undefined ? summary(value, 60) : "Leave as it is"}</span>
              </UnstyledButton>
              {draft === undefined ? null : (
                <Textarea
                  aria-label={`${name} as JSON`}
                  autosize
                  minRows={2}
                  maxRows={14}
                  mb="sm"
                  spellCheck={false}
                  value={draft}
                  error={fault}
                  classNames={{ input: classes.editor ?? "" }}
                  onChange={(event) => setDrafts({ ...drafts, [name]: event.currentTarget.value })}
                />
              )}
            </li>
          );
        })}
      </ul>
      {fork.error && field === undefined ? <Failure fault={fork.error} /> : null}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={Object.keys(faults).length > 0} loading={fork.isPending} onClick={submit}>
          {changes > 0 ? `Fork with ${plural(changes, "change")}` : "Fork"}
        </Button>
      </Group>
    </Dialog>
  );
}
