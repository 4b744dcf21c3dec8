import { Button, Group, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/components/Dialog";
import { useEditor } from "@/features/editor/store";
import { isObject, type JsonObject, readJson } from "@/lib/json";
import { titleOf } from "@/lib/flow";
import { needsOf } from "@/lib/tryit/needs";
import type { Node, Round } from "@/models";
import type { NodeInputs } from "./lastInputs";
import classes from "./Tryit.module.css";
import { useTryOut } from "./useTryOut";

interface NodeInputsDialogProps {
  node: Node;
  inputs: NodeInputs;
  onClose: () => void;
}

/** A value for everything that a node refers to, as JSON; what the last run gave stands there to begin with. */
export function NodeInputsDialog({ node, inputs, onClose }: NodeInputsDialogProps) {
  const { runAlone } = useTryOut();
  const toolchain = useEditor((state) => state.toolchain);
  const needs = needsOf(node, toolchain);
  const [drafts, setDrafts] = useState<Record<string, string>>(() => ({
    ...Object.fromEntries(needs.nodes.map((id) => [`nodes.${id}`, written(inputs.results[id])])),
    ...Object.fromEntries(needs.state.map((key) => [`state.${key}`, written(inputs.state[key])])),
    ...(needs.input ? { input: written(inputs.input) } : {}),
    ...Object.fromEntries(needs.round.map((root) => [root, written(inputs.round?.[root] ?? NO_ROUND[root])])),
  }));
  const read = Object.fromEntries(Object.entries(drafts).map(([name, draft]) => [name, readDraft(name, draft)]));
  const wrong = Object.values(read).some(({ fault }) => fault !== null);

  function submit() {
    const take = (root: string): JsonObject =>
      Object.fromEntries(
        Object.entries(read).flatMap(([name, { value }]) =>
          name.startsWith(`${root}.`) ? [[name.slice(root.length + 1), value]] : [],
        ),
      );
    const input = read["input"]?.value;
    const round = Object.fromEntries(needs.round.map((root) => [root, read[root]?.value]));
    void runAlone(node.id, {
      results: take("nodes"),
      state: take("state"),
      input: isObject(input) ? input : inputs.input,
      round: { ...inputs.round, ...round },
    });
    onClose();
  }

  return (
    <Dialog opened onClose={onClose} size="lg" title={<Text fw={600}>Run {titleOf(node)} alone</Text>}>
      <Text size="sm" c="dimmed" mb="md">
        {Object.keys(drafts).length === 0
          ? "It refers to nothing else: there is nothing to fill in."
          : "What it refers to. The rest of the toolchain does nothing."}
      </Text>
      {Object.entries(drafts).map(([name, draft]) => (
        <Textarea
          key={name}
          label={<code>{name}</code>}
          aria-label={`${name} as JSON`}
          autosize
          minRows={1}
          maxRows={10}
          mb="sm"
          spellCheck={false}
          value={draft}
          error={read[name]?.fault}
          classNames={{ input: classes.json ?? "" }}
          onChange={(event) => setDrafts({ ...drafts, [name]: event.currentTarget.value })}
        />
      ))}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={wrong} onClick={submit}>
          Run
        </Button>
      </Group>
    </Dialog>
  );
}

const NO_ROUND: Required<Round> = { item: null, index: 0, last: null };

function written(value: unknown): string {
  return JSON.stringify(value ?? null, null, 2);
}

function readDraft(name: string, draft: string): { value: unknown; fault: string | null } {
  const { value, fault } = readJson(draft);
  if (fault === null && name === "input" && !isObject(value)) return { value, fault: "The input is an object: {…}." };
  if (fault === null && name === "index" && !isRound(value)) return { value, fault: "A round is a number from 0." };
  return { value, fault };
}

const isRound = (value: unknown) => typeof value === "number" && Number.isInteger(value) && value >= 0;
