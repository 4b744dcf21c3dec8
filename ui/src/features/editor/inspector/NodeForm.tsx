import { Text, TextInput } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import graph from "@/components/graph/Details.module.css";
import { kindOf } from "@/components/graph/kinds";
import { replaceNode } from "@/lib/editor/commands";
import { fieldOf, NODE_KINDS, type NodeField } from "@/lib/editor/nodeSchemas";
import { referables } from "@/lib/editor/references";
import { faultOfName, withRenamed } from "@/lib/editor/rename";
import { inputsOf } from "@/lib/editor/results";
import { nodesById } from "@/lib/editor/tree";
import { withValueAt } from "@/lib/editor/values";
import { titleOf } from "@/lib/flow";
import type { Node } from "@/models";
import { FormProvider } from "../fields/context";
import { Documentation } from "../fields/Documentation";
import { FieldShell } from "../fields/FieldShell";
import classes from "../fields/Fields.module.css";
import { LateInput } from "../fields/LateInput";
import { SchemaField } from "../fields/SchemaField";
import { useEditor } from "../store";
import { CallInputs } from "./CallInputs";

const HEAD: ReadonlySet<string> = new Set(["id", "kind", "title"]);
const POLICY = ["timeout_seconds", "retry", "on_error", "cache"];
const LATER: ReadonlySet<string> = new Set(["when", "write", ...POLICY]);

/** A node's form, made from the schema of its kind. */
export function NodeForm({ node }: { node: Node }) {
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  const edit = useEditor((state) => state.edit);
  const faults = useEditor((state) => state.faultIndex.get(node.id)) ?? NONE;
  const form = useRef<HTMLDivElement>(null);
  useRevealing(form);
  const context = useMemo(
    () => ({
      node: node.id,
      kind: node.kind,
      container: nodesById(toolchain).get(node.id)?.container ?? null,
      referables: referables(toolchain, node.id, help),
      withResult: referables(toolchain, node.id, help, true),
      faults: faults.filter((fault) => fault.node === node.id),
    }),
    [node, toolchain, help, faults],
  );
  const fields = NODE_KINDS.get(node.kind)?.fields ?? [];
  const main = fields.filter(({ name }) => !HEAD.has(name) && !LATER.has(name));
  const { label, Icon } = kindOf(node.kind);
  const called = node.kind === "function" ? help.get(node.function)?.description : undefined;
  const summary = called ?? NODE_KINDS.get(node.kind)?.summary ?? "";
  const at = (name: string) => (node as unknown as Record<string, unknown>)[name];

  function change(name: string, value: unknown) {
    edit({
      label: `Change “${titleOf(node)}”`,
      merge: `${node.id}.${name}`,
      change: (now) => replaceNode(now, withValueAt(node, name, value)),
    });
  }

  const shown = (field: NodeField | null) =>
    field === null ? null : (
      <SchemaField
        key={field.name}
        field={field}
        path={field.name}
        value={at(field.name)}
        type={inputsOf(node, help).find(({ path }) => path === field.name)?.type}
        onChange={(value) => change(field.name, value)}
      />
    );

  return (
    <FormProvider value={context}>
      <div className={classes.form} ref={form}>
        <div className={graph.node} style={{ marginBottom: 0 }}>
          <span className={graph.kind}>
            <Icon size={20} />
          </span>
          <div style={{ flex: 1, minWidth: 0 }}>
            <TextInput
              size="sm"
              aria-label="Title"
              placeholder={titleOf({ ...node, title: "" })}
              value={node.title ?? ""}
              maxLength={200}
              onChange={(event) => change("title", event.currentTarget.value || undefined)}
            />
          </div>
        </div>
        <Text size="xs" c="dimmed" mt={-8}>
          {label}. <Documentation text={summary} />
        </Text>
        <FieldShell
          path="id"
          label="Name"
          faults={context.faults.filter(({ field }) => field === "id" || field === "")}
        >
          <LateInput
            label="Name"
            value={node.id}
            faultOf={(name) => faultOfName(toolchain, node.id, name)}
            onChange={(name) =>
              edit({
                label: `Rename “${node.id}”`,
                change: (now) => withRenamed(now, node.id, name),
                select: [name],
              })
            }
          />
        </FieldShell>
        {main.map((field) =>
          field.name === "input" ? (
            <CallInputs key="input" node={node} onChange={(value) => change("input", value)} />
          ) : (
            shown(field)
          ),
        )}
        {shown(fieldOf(node.kind, "write"))}
        {shown(fieldOf(node.kind, "when"))}
        {POLICY.some((name) => fieldOf(node.kind, name)) ? (
          <details
            className={classes.section}
            open={POLICY.some((name) => at(name) !== undefined && at(name) !== null)}
          >
            <summary>When it fails or takes long, and keeping its result</summary>
            <div className={classes.form}>{POLICY.map((name) => shown(fieldOf(node.kind, name)))}</div>
          </details>
        ) : null}
      </div>
    </FormProvider>
  );
}

const NONE: readonly never[] = [];

/** Brings the field into view that somebody asked for. */
function useRevealing(form: React.RefObject<HTMLDivElement | null>) {
  const reveal = useEditor((state) => state.reveal);
  const show = useEditor((state) => state.show);
  useEffect(() => {
    if (reveal === null) return;
    const all = [...(form.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [])];
    const near = all.filter(({ dataset }) => reveal.startsWith(dataset["path"] ?? " "));
    const best = near.sort((a, b) => (b.dataset["path"]?.length ?? 0) - (a.dataset["path"]?.length ?? 0))[0];
    best?.closest("details")?.setAttribute("open", "");
    best?.scrollIntoView({ block: "center" });
    best?.querySelector<HTMLElement>("input, textarea, [contenteditable=true]")?.focus({ preventScroll: true });
    show({ reveal: null });
  }, [reveal, show, form]);
}
