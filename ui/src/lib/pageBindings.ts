/** What a page's elements may be bound to, and how a binding is written by hand. Pure. */
import type { PageDefinition, Toolchain } from "@/models";
import { isObject } from "./json";
import { inputsOf } from "./pageElements";

type Bound = {
  toolchain: Pick<Toolchain, "input" | "state" | "output" | "nodes">;
  page: Pick<PageDefinition, "session">;
};

const RUN_FIELDS = ["status", "waiting", "progress", "stage", "error", "id"];

/** The references that a value may begin with. @param event what the event tells, for values of actions */
export function referencesOf({ toolchain, page }: Bound, event: readonly string[]): string[] {
  return [
    ...event.map((name) => `event.${name}`),
    ...Object.keys(toolchain.state ?? {}).map((name) => `state.${name}`),
    ...Object.keys(toolchain.output ?? {}).map((name) => `output.${name}`),
    ...targetsOf({ toolchain, page }),
    ...RUN_FIELDS.map((name) => `run.${name}`),
  ];
}

/** What components may write. */
export function targetsOf({
  toolchain,
  page,
}: Pick<Bound, "page"> & { toolchain: Pick<Toolchain, "input"> }): string[] {
  return [
    ...inputsOf(toolchain).map(({ name }) => `input.${name}`),
    ...Object.keys(page.session ?? {}).map((name) => `session.${name}`),
  ];
}

/** The nodes that can be given what they wait for, also those within others. */
export function answerableNodes(toolchain: Pick<Toolchain, "nodes">): string[] {
  return toolchain.nodes.flatMap((node): string[] => {
    if (node.kind === "map" || node.kind === "loop") return answerableNodes(node.body);
    return node.kind === "approval" || (node.kind === "wait" && (node.event ?? null) !== null) ? [node.id] : [];
  });
}

/** How a value is edited: as words with places in them, as what is at a reference, or as JSON. */
export type ValueMode = "words" | "reference" | "json";

export function modeOf(value: unknown): ValueMode {
  if (value === undefined || value === null) return "reference";
  if (typeof value === "string") return "words";
  if (!isObject(value) || Object.keys(value).length !== 1) return "json";
  if (typeof value["ref"] === "string") return "reference";
  return typeof value["template"] === "string" ? "words" : "json";
}

/** A value as the text that is edited in a mode. */
export function textOfValue(value: unknown, mode: ValueMode): string {
  if (value === undefined || value === null) return "";
  if (mode === "json") return JSON.stringify(isObject(value) && "literal" in value ? value["literal"] : value, null, 2);
  if (typeof value === "string") return value;
  if (!isObject(value)) return "";
  const { ref, template } = value;
  if (mode === "reference") return typeof ref === "string" ? ref : "";
  return typeof template === "string" ? template : "";
}

/** The value of a text in a mode; undefined where it is left empty, or is no JSON. */
export function valueOfText(text: string, mode: ValueMode): unknown {
  if (text.trim() === "") return undefined;
  if (mode === "reference") return { ref: text.trim() };
  if (mode === "words") return text.includes("{{") ? { template: text } : text;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { literal: value } : value;
  } catch {
    return undefined;
  }
}
