/** The kinds of elements that a page is made of, and new ones that fit a toolchain. Pure. */
import type { PageAction, PageColumn, PageDefinition, PageElement, Toolchain } from "@/models";
import { nameInWords } from "./format";
import { isObject, type JsonObject } from "./json";

export type ElementKind = PageElement["kind"];

export interface KindAbout {
  kind: ElementKind;
  title: string;
  about: string;
}

/** In the order of the palette, by what they are for. */
export const KINDS: readonly { title: string; kinds: readonly KindAbout[] }[] = [
  {
    title: "Talk",
    kinds: [
      { kind: "chat", title: "Chat", about: "A conversation with a place to write" },
      { kind: "form", title: "Form", about: "Fields of the input, and a button" },
      { kind: "button", title: "Button", about: "Runs, answers, stops or sets something" },
    ],
  },
  {
    title: "Ask",
    kinds: [
      { kind: "field", title: "Field", about: "A text or a number" },
      { kind: "select", title: "Select", about: "One or several of what there is" },
      { kind: "switch", title: "Switch", about: "Yes or no" },
      { kind: "upload", title: "Upload", about: "Takes files into a collection" },
      { kind: "documents", title: "Documents", about: "Picks collections or documents" },
    ],
  },
  {
    title: "Show",
    kinds: [
      { kind: "text", title: "Text", about: "Words as they are" },
      { kind: "markdown", title: "Markdown", about: "Words with headings, lists and tables" },
      { kind: "table", title: "Table", about: "Rows of values" },
      { kind: "chart", title: "Chart", about: "Numbers as bars or lines" },
      { kind: "image", title: "Image", about: "A picture" },
      { kind: "viewer", title: "Viewer", about: "A document, page by page" },
      { kind: "progress", title: "Progress", about: "How far the run is" },
    ],
  },
  {
    title: "Arrange",
    kinds: [
      { kind: "row", title: "Row", about: "Side by side; on phones below each other" },
      { kind: "column", title: "Column", about: "Below each other, on a panel if you like" },
      { kind: "tabs", title: "Tabs", about: "One behind the other" },
      { kind: "divider", title: "Divider", about: "A line between" },
    ],
  },
];

const TITLES = new Map(KINDS.flatMap(({ kinds }) => kinds.map(({ kind, title }) => [kind, title])));

export function titleOfKind(kind: ElementKind): string {
  return TITLES.get(kind) ?? kind;
}

type Given = Pick<Toolchain, "input" | "state" | "output" | "stream">;

/** The fields of a toolchain's input by the JSON types that they may have; no types: of any. */
export function inputsOf({ input }: Pick<Toolchain, "input">): { name: string; types: string[] }[] {
  const properties = isObject(input?.["properties"]) ? input["properties"] : {};
  return Object.entries(properties).map(([name, property]) => ({ name, types: typesOf(property) }));
}

function typesOf(property: unknown): string[] {
  if (!isObject(property)) return [];
  const types = [property["type"]].flat().filter((type) => typeof type === "string" && type !== "null");
  return types as string[];
}

/** A target of one of these types that the input has; else the page's own value, which its caller declares. */
function targetFor(toolchain: Given, types: readonly string[]): string | null {
  const found = inputsOf(toolchain).find(({ types: of }) => of.some((type) => types.includes(type)));
  return found ? `input.${found.name}` : null;
}

function stateOf(toolchain: Given, types: readonly string[]): JsonObject | null {
  const key = Object.entries(toolchain.state ?? {}).find(([, { type }]) => types.includes(type));
  if (key) return { ref: `state.${key[0]}` };
  return null;
}

/** A new element that is bound to what the toolchain has, and the session key that it needs where it has nothing. */
export function newElement(
  kind: ElementKind,
  id: string,
  toolchain: Given,
): { element: PageElement; session: { name: string; type: "string" | "boolean" | "array" } | null } {
  const own = (type: "string" | "boolean" | "array") => ({ name: id, type });
  const target = (types: readonly string[], type: "string" | "boolean" | "array") => {
    const to = targetFor(toolchain, types);
    return to === null ? { to: `session.${id}`, session: own(type) } : { to, session: null };
  };
  const shown = toolchain.stream ? { ref: `state.${toolchain.stream}` } : stateOf(toolchain, ["string"]);
  const plain = (element: PageElement) => ({ element, session: null });
  switch (kind) {
    case "row":
      return plain({ id, kind, children: [] });
    case "column":
      return plain({ id, kind, children: [], surface: "panel" });
    case "tabs":
      return plain({
        id,
        kind,
        tabs: [
          { title: "First", children: [] },
          { title: "Second", children: [] },
        ],
      });
    case "divider":
      return plain({ id, kind });
    case "chat":
      return plain(newChat(id, toolchain));
    case "text":
      return plain({ id, kind, value: "Some words" });
    case "markdown":
      return plain({ id, kind, value: shown ?? "## Some words" });
    case "viewer":
      return { element: { id, kind, document: { ref: `session.${id}` } }, session: own("string") };
    case "image":
      return { element: { id, kind, source: { ref: `session.${id}` } }, session: own("string") };
    case "table":
      return plain({ id, kind, rows: listOutput(toolchain) ?? { literal: [] }, columns: sourceColumns(toolchain) });
    case "chart":
      return plain({ id, kind, rows: stateOf(toolchain, ["array"]) ?? { literal: [] }, y: ["value"] });
    case "form":
      return plain({ id, kind, button: "Run", on_submit: [{ do: "run" }] });
    case "button":
      return plain({ id, kind, label: "Run", on_press: [{ do: "run" }] });
    case "progress":
      return plain({ id, kind });
    case "upload":
      return plain({ id, kind, label: "Add files" });
    case "field": {
      const { to, session } = target(["string", "number", "integer"], "string");
      return { element: { id, kind, label: labelOf(to), to }, session };
    }
    case "switch": {
      const { to, session } = target(["boolean"], "boolean");
      return { element: { id, kind, label: labelOf(to), to }, session };
    }
    case "select":
      return {
        element: { id, kind, label: "Choose", to: `session.${id}`, options: ["One", "Two"] },
        session: own("string"),
      };
    case "documents": {
      const { to, session } = target(["array"], "array");
      return { element: { id, kind, label: "Collections", to: collectionsOf(toolchain) ?? to }, session };
    }
  }
}

function newChat(id: string, toolchain: Given): PageElement {
  const question = inputsOf(toolchain).find(({ name }) => name === "question") ?? inputsOf(toolchain)[0];
  const name = question?.name ?? "question";
  const send: PageAction = { do: "run", input: { [name]: { ref: "event.text" } } };
  return { id, kind: "chat", question: name, placeholder: "Ask something", on_send: [send] };
}

function collectionsOf(toolchain: Given): string | null {
  return inputsOf(toolchain).some(({ name }) => name === "collection_ids") ? "input.collection_ids" : null;
}

function listOutput(toolchain: Given): JsonObject | null {
  const name = Object.keys(toolchain.output ?? {}).find((key) => ["sources", "rows", "items", "hits"].includes(key));
  return name === undefined ? stateOf(toolchain, ["array"]) : { ref: `output.${name}` };
}

/** What people look for among sources; their numbers of characters they do not. */
function sourceColumns(toolchain: Given): PageColumn[] {
  if (!Object.hasOwn(toolchain.output ?? {}, "sources")) return [];
  return [
    { field: "n", title: "No." },
    { field: "document_name", title: "Document" },
    { field: "page", title: "Page" },
    { field: "snippet", title: "Passage" },
  ];
}

/** What a target is called, without its root. */
const labelOf = (target: string) => nameInWords(target.slice(target.indexOf(".") + 1));

/** The JSON types that a target takes; none: any. */
export function typesOfTarget(
  target: string,
  { toolchain, page }: { toolchain: Pick<Toolchain, "input">; page: Pick<PageDefinition, "session"> },
): string[] {
  const [root, name = ""] = target.split(".");
  if (root === "input") return inputsOf(toolchain).find((input) => input.name === name)?.types ?? [];
  const type = page.session?.[name]?.type ?? "any";
  return type === "any" ? [] : [type];
}

/** Ids for a target: a list where it takes one, else the first of them. */
export function idsFor(types: readonly string[], ids: readonly string[]): unknown {
  return types.length === 0 || types.includes("array") ? [...ids] : (ids[0] ?? "");
}

/** The page to begin with: a chat for a toolchain that can be talked to, else a form of its input. */
export function firstPage(toolchain: Given): PageDefinition {
  const talks = Boolean(toolchain.stream) && inputsOf(toolchain).some(({ name }) => name === "question");
  const kind = talks ? "chat" : "form";
  const { element } = newElement(kind, kind, toolchain);
  const shown = toolchain.stream && !talks ? [newElement("markdown", "answer", toolchain).element] : [];
  return { elements: [element, ...shown] };
}
