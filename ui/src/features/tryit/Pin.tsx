import { Badge, Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/components/Dialog";
import { toastFailure } from "@/components/toast";
import { useEditor } from "@/features/editor/store";
import { givesResult, titleOf } from "@/lib/flow";
import { readJson } from "@/lib/json";
import { pinsOf, withPin } from "@/lib/tryit/pins";
import type { Node } from "@/models";
import { resultOf } from "./lastInputs";
import classes from "./Tryit.module.css";

interface PinProps {
  node: Node;
  /** The run that is shown, and where in it the node was done. */
  runId: string | null;
  place: string | null;
  /** What it gave there, as far as events tell it; undefined: nothing. */
  output: unknown;
}

/** Pins what a node gives: runs of the draft take it as it is, and the node does no work. */
export function Pin({ node, runId, place, output }: PinProps) {
  const pinned = useEditor((state) => pinsOf(state.toolchain)[node.id]);
  const edit = useEditor((state) => state.edit);
  const [editing, setEditing] = useState<{ value: unknown } | null>(null);
  const [loading, setLoading] = useState(false);
  if (!givesResult(node)) return null;
  const name = titleOf(node);

  function keep(value: unknown) {
    edit({
      label: value === undefined ? `Unpin ${name}` : `Pin ${name}`,
      change: (toolchain) => withPin(toolchain, node.id, value),
    });
  }

  /** Events tell large values shortened; the step has the whole. */
  async function whole(): Promise<unknown> {
    if (output === undefined || runId === null || place === null) return undefined;
    setLoading(true);
    try {
      return (await resultOf(runId, place)) ?? output;
    } catch (fault) {
      toastFailure(fault);
      return undefined;
    } finally {
      setLoading(false);
    }
  }

  async function pin() {
    const value = await whole();
    if (value === undefined) setEditing({ value: null });
    else keep(value);
  }

  return (
    <Group gap="xs" mt="xs">
      {pinned === undefined ? (
        <Button size="compact-sm" variant="default" loading={loading} onClick={() => void pin()}>
          {output === undefined ? "Pin an output" : "Pin this output"}
        </Button>
      ) : (
        <>
          <Badge variant="light" color="yellow" tt="none" fw={560}>
            Pinned
          </Badge>
          <Button size="compact-sm" variant="default" onClick={() => setEditing({ value: pinned })}>
            Edit
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => keep(undefined)}>
            Unpin
          </Button>
        </>
      )}
      {editing ? (
        <PinDialog
          name={name}
          initial={editing.value}
          onKeep={(value) => {
            keep(value);
            setEditing(null);
          }}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Group>
  );
}

interface PinDialogProps {
  name: string;
  initial: unknown;
  onKeep: (value: unknown) => void;
  onClose: () => void;
}

function PinDialog({ name, initial, onKeep, onClose }: PinDialogProps) {
  const [text, setText] = useState(() => JSON.stringify(initial, null, 2));
  const { value, fault } = readJson(text);
  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>What {name} gives</Text>}>
      <Text size="sm" c="dimmed" mb="md">
        Runs of this draft take it as it stands here; saved versions that are run elsewhere do not.
      </Text>
      <Textarea
        aria-label="Pinned output as JSON"
        autosize
        minRows={4}
        maxRows={18}
        spellCheck={false}
        value={text}
        error={fault}
        classNames={{ input: classes.json ?? "" }}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={fault !== null} onClick={() => onKeep(value)}>
          Pin
        </Button>
      </Group>
    </Dialog>
  );
}
