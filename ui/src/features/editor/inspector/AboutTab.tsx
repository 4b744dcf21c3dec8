import { NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { definitionOf, fieldsOfDefinition } from "@/lib/editor/nodeSchemas";
import { withValueAt } from "@/lib/editor/values";
import type { Toolchain } from "@/models";
import { FieldShell } from "../fields/FieldShell";
import classes from "../fields/Fields.module.css";
import { useEditor } from "../store";

const DOCUMENTATION = new Map(
  fieldsOfDefinition(definitionOf("#/$defs/Toolchain")).map((field) => [field.name, field]),
);
const wordsOf = (name: string) => DOCUMENTATION.get(name)?.description ?? "";

/** What the toolchain is called and for, and how it is run. */
export function AboutTab() {
  const toolchain = useEditor((state) => state.toolchain);
  const origin = useEditor((state) => state.origin);
  const edit = useEditor((state) => state.edit);
  const faults = useEditor((state) => state.faults);
  const at = (name: string) => faults.filter(({ node, field }) => node === null && field === name);
  function change(name: keyof Toolchain, value: unknown) {
    edit({ label: `Change the ${name}`, merge: name, change: (now) => withValueAt(now, name, value) });
  }
  const texts = Object.entries(toolchain.state ?? {}).filter(([, { type }]) => type === "string");
  const number = (next: string | number) => (typeof next === "number" ? next : undefined);
  return (
    <div className={classes.form}>
      <FieldShell path="title" label="Title" required faults={at("title")}>
        <TextInput
          size="sm"
          aria-label="Title"
          maxLength={200}
          value={toolchain.title}
          onChange={(event) => change("title", event.currentTarget.value)}
        />
      </FieldShell>
      <FieldShell
        path="id"
        label="Name"
        required
        description={
          origin && origin.id !== toolchain.id
            ? `Saved under this name it is another toolchain; “${origin.id}” stays as it is.`
            : "What it is called by: toolchain/<name> on /v1."
        }
        faults={at("id")}
      >
        <TextInput
          size="sm"
          aria-label="Name"
          maxLength={80}
          spellCheck={false}
          value={toolchain.id}
          onChange={(event) => change("id", event.currentTarget.value)}
        />
      </FieldShell>
      <FieldShell path="description" label="Description" faults={at("description")}>
        <Textarea
          size="sm"
          aria-label="Description"
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4000}
          value={toolchain.description ?? ""}
          onChange={(event) => change("description", event.currentTarget.value)}
        />
      </FieldShell>
      <FieldShell path="stream" label="Stream" description={wordsOf("stream")} faults={at("stream")}>
        <Select
          size="sm"
          aria-label="Stream"
          placeholder="Nothing streams"
          data={[...new Set([...texts.map(([key]) => key), ...(toolchain.stream ? [toolchain.stream] : [])])]}
          value={toolchain.stream ?? null}
          clearable
          onChange={(value) => change("stream", value ?? undefined)}
        />
      </FieldShell>
      <details className={classes.section}>
        <summary>How it is run</summary>
        <div className={classes.form}>
          <FieldShell path="durable" label="Durable" description={wordsOf("durable")} faults={at("durable")}>
            <Switch
              aria-label="Durable"
              checked={toolchain.durable ?? true}
              onChange={(event) => change("durable", event.currentTarget.checked ? undefined : false)}
            />
          </FieldShell>
          <FieldShell
            path="timeout_seconds"
            label="Timeout seconds"
            description={wordsOf("timeout_seconds")}
            faults={at("timeout_seconds")}
          >
            <NumberInput
              size="sm"
              aria-label="Timeout seconds"
              value={toolchain.timeout_seconds ?? ""}
              onChange={(value) => change("timeout_seconds", number(value))}
            />
          </FieldShell>
          <FieldShell
            path="concurrency"
            label="Concurrency"
            description={wordsOf("concurrency")}
            faults={at("concurrency")}
          >
            <NumberInput
              size="sm"
              aria-label="Concurrency"
              allowDecimal={false}
              value={toolchain.concurrency ?? ""}
              onChange={(value) => change("concurrency", number(value))}
            />
          </FieldShell>
          <FieldShell
            path="on_busy"
            label="When its thread is busy"
            description={wordsOf("on_busy")}
            faults={at("on_busy")}
          >
            <Select
              size="sm"
              aria-label="When its thread is busy"
              data={["enqueue", "reject", "interrupt", "rollback"]}
              value={toolchain.on_busy ?? "enqueue"}
              allowDeselect={false}
              onChange={(value) => change("on_busy", value)}
            />
          </FieldShell>
        </div>
      </details>
    </div>
  );
}
