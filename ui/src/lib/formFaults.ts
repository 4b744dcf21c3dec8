import { type Field, fieldsOf } from "./schemaForm";

/**
 * The field of a form that a fault of the server is about.
 * @param field where the server found it: `value.size`, `input.items[2].name`
 * @param root the name of the whole value there
 * @returns its path, the innermost one that the form shows; null when the fault is about none of them
 */
export function fieldOfFault(form: Field, field: string | null, root: string): string | null {
  if (field === null || (field !== root && !field.startsWith(`${root}.`) && !field.startsWith(`${root}[`))) return null;
  const path = field.slice(root.length).replace(/^\./, "");
  const all = flat(form);
  const shown = all.filter(
    (one) => one === path || one === "" || path.startsWith(`${one}.`) || path.startsWith(`${one}[`),
  );
  return shown.sort((a, b) => b.length - a.length)[0] ?? null;
}

function flat(form: Field): string[] {
  return fieldsOf(form).flatMap((field) => (field.kind === "group" ? [field.path, ...flat(field)] : [field.path]));
}

/** The needed yes or no of a form that asks for a decision: it gets two buttons in the place of a switch. */
export function decisionOf(form: Field): Field | null {
  return form.fields.find(({ name, kind, required }) => name === "approved" && kind === "switch" && required) ?? null;
}
