import { useMemo } from "react";
import { ApiError } from "@/api/client";
import { SchemaForm } from "@/components/form/SchemaForm";
import { fieldOfFault } from "@/lib/formFaults";
import { isObject, type JsonObject } from "@/lib/json";
import { formOf } from "@/lib/schemaForm";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

/** A form of the toolchain's input, or of a schema of its own. */
export default function FormElement({ element }: { element: Extract<PageElement, { kind: "form" }> }) {
  const { act, busy, fault, toolchain, write } = useOpenPage();
  const { schema = null, fields, to = null } = element;
  const form = useMemo(
    () => formOf(schema ?? partOf(toolchain.input ?? {}, fields ?? [])),
    [schema, fields, toolchain.input],
  );
  const actions = element.on_submit ?? [];
  const path = fault instanceof ApiError && schema === null ? fieldOfFault(form, fault.field, "input") : null;

  function submit(value: unknown) {
    if (schema !== null) {
      if (to !== null) write(to, value);
    } else if (isObject(value)) {
      // Also what was emptied: the run is to take its default then.
      for (const { name } of form.fields) write(`input.${name}`, value[name]);
    }
    void act(actions, { value: value ?? null });
  }

  return (
    <div className={classes.labelled}>
      {element.label ? <span className={classes.label}>{element.label}</span> : null}
      <SchemaForm
        form={form}
        label={element.label || "Form"}
        action={element.button ?? "Send"}
        pending={busy && actions.some((action) => action.do === "run")}
        fault={fault && path !== null ? { path, message: fault.message } : null}
        onSubmit={submit}
      />
    </div>
  );
}

/** A schema with some of its fields alone. */
function partOf(schema: JsonObject, fields: readonly string[]): JsonObject {
  if (fields.length === 0) return schema;
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const kept = fields.flatMap((name) => (name in properties ? [[name, properties[name]]] : []));
  return { ...schema, properties: Object.fromEntries(kept) as JsonObject };
}
