import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { refusalOf, readToolchain } from "@/lib/editor/reading";
import { replaceNode } from "@/lib/editor/commands";
import { readJson } from "@/lib/json";
import type { Node } from "@/models";
import { CodeEditor } from "../code/CodeEditor";
import classes from "../fields/Fields.module.css";
import { useEditor } from "../store";

/** The whole toolchain as JSON: what is written is taken when it is asked for. */
export function JsonTab() {
  const toolchain = useEditor((state) => state.toolchain);
  const edit = useEditor((state) => state.edit);
  return (
    <Written
      key="toolchain"
      label="Toolchain as JSON"
      of={toolchain}
      onTake={(text) => {
        const { toolchain: next, refusal } = readToolchain(text);
        if (next) edit({ label: "Change the JSON", change: () => next });
        return refusal;
      }}
    />
  );
}

/** One node as JSON. */
export function NodeJsonTab({ node }: { node: Node }) {
  const edit = useEditor((state) => state.edit);
  return (
    <Written
      key={node.id}
      label="Node as JSON"
      of={node}
      onTake={(text) => {
        const { value, fault } = readJson(text);
        if (fault !== null) return fault;
        const refusal = refusalOf({ id: "one", title: "", nodes: [value], edges: [] });
        if (refusal !== null) return refusal;
        const next = value as Node;
        if (next.id !== node.id) return "Its name is changed in the form, where everything follows that refers to it.";
        edit({ label: `Change the JSON of “${node.id}”`, change: (now) => replaceNode(now, next) });
        return null;
      }}
    />
  );
}

interface WrittenProps {
  label: string;
  of: unknown;
  /** Takes the text; returns why it cannot be taken. */
  onTake: (text: string) => string | null;
}

function Written({ label, of, onTake }: WrittenProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const text = draft ?? JSON.stringify(of, null, 2);
  return (
    <div className={classes.items}>
      <CodeEditor
        label={label}
        language="json"
        value={text}
        maxHeight={640}
        minHeight={200}
        onChange={(next) => {
          setDraft(next);
          setFault(null);
        }}
      />
      {fault === null ? null : (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
      <Group gap="xs">
        <Button
          size="compact-sm"
          disabled={draft === null}
          onClick={() => {
            const wrong = onTake(text);
            setFault(wrong);
            if (wrong === null) setDraft(null);
          }}
        >
          Apply
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={draft === null}
          onClick={() => {
            setDraft(null);
            setFault(null);
          }}
        >
          Discard
        </Button>
      </Group>
    </div>
  );
}
