/** What can be set of each kind of element, as the inspector shows it. Pure. */
import type { PageElement } from "@/models";
import type { ElementKind } from "./pageElements";

export type FieldType =
  | "text"
  | "value"
  | "target"
  | "choice"
  | "switch"
  | "number"
  | "numbers"
  | "texts"
  | "json"
  | "columns"
  | "tabs"
  | "actions";

export interface PageField {
  name: string;
  title: string;
  about: string;
  type: FieldType;
  /** For choices. */
  options: readonly string[];
  /** For actions: what the event tells. */
  event: readonly string[];
}

const field = (
  name: string,
  title: string,
  type: FieldType,
  about = "",
  options: readonly string[] = [],
): PageField => ({
  ...{ name, title, about, type, options, event: [] },
});
const actions = (name: string, title: string, event: readonly string[]): PageField => ({
  ...{ name, title, about: "", type: "actions", options: [], event },
});

const LABEL = field("label", "Label", "text");
const WHEN = field(
  "when",
  "Shown while",
  "value",
  "While this is something: neither null, false, 0 nor empty. Left empty: always.",
);
const TO = field("to", "Writes", "target", "What the next run is given, or a value of the page's own.");
const CHANGED = actions("on_change", "When it changes", ["value"]);

const OWN: Record<ElementKind, PageField[]> = {
  row: [
    field("shares", "Shares of the width", "numbers", "One for each child; left empty: equal parts."),
    field("align", "Upright", "choice", "", ["stretch", "start", "center", "end"]),
  ],
  column: [LABEL, field("surface", "Surface", "choice", "", ["none", "panel"])],
  tabs: [field("tabs", "Tabs", "tabs")],
  divider: [LABEL],
  chat: [
    LABEL,
    field(
      "messages",
      "Messages",
      "value",
      "A list of {role, content}. Left empty: the questions and answers of the runs.",
    ),
    field("question", "Field with the question", "text", "Of the input, where messages are left empty."),
    field("placeholder", "Hint", "text"),
    actions("on_send", "When a message is sent", ["text"]),
  ],
  text: [field("value", "Words", "value"), field("size", "Size", "choice", "", ["normal", "small", "large", "title"])],
  markdown: [field("value", "Markdown", "value")],
  upload: [
    LABEL,
    field("multiple", "Several files", "switch"),
    field("collection", "Collection", "value", "Its id. Left empty: one that the page makes."),
    { ...TO, about: "The ids of the documents; may be left empty." },
    actions("on_upload", "When all can be searched", ["document_ids", "collection_id", "file_names"]),
  ],
  documents: [
    LABEL,
    field("pick", "Picks", "choice", "", ["collections", "documents"]),
    field("collection", "Of the collection", "value", "Where documents are picked. Left empty: the person says."),
    TO,
    CHANGED,
  ],
  viewer: [LABEL, field("document", "Document", "value", "Its id."), field("page", "Page", "value", "From 1.")],
  table: [
    LABEL,
    field("rows", "Rows", "value", "A list of objects or of lists."),
    field("columns", "Columns", "columns", "Left empty: the fields of the rows."),
    actions("on_select", "When a row is opened", ["row", "index"]),
  ],
  image: [LABEL, field("source", "Picture", "value", "A document's id, or a data: address.")],
  form: [
    LABEL,
    field("fields", "Fields of the input", "texts", "Left empty: all."),
    field("schema", "Schema of its own", "json", "A JSON Schema in the place of the input."),
    { ...TO, about: "What it gives, where it has a schema of its own." },
    field("button", "Button", "text"),
    actions("on_submit", "When it is sent", ["value"]),
  ],
  field: [LABEL, TO, field("lines", "Lines", "number"), field("placeholder", "Hint", "text"), CHANGED],
  switch: [LABEL, TO, CHANGED],
  select: [LABEL, TO, field("options", "Choices", "value", "A list of values, or of {label, value}."), CHANGED],
  button: [
    LABEL,
    field("style", "Style", "choice", "", ["primary", "quiet"]),
    actions("on_press", "When it is pressed", []),
  ],
  progress: [LABEL, field("value", "How far", "value", "From 0 to 1. Left empty: the run.")],
  chart: [
    LABEL,
    field("rows", "Rows", "value", "A list of objects."),
    field("shape", "Shape", "choice", "", ["bars", "line"]),
    field("x", "Field below", "text", "Left empty: numbers."),
    field("y", "Fields drawn", "texts"),
  ],
};

export function fieldsOfKind(kind: ElementKind): readonly PageField[] {
  return [...OWN[kind], WHEN];
}

/** The element with a field changed; undefined leaves it out. */
export function withField(element: PageElement, name: string, value: unknown): PageElement {
  const entries = Object.entries(element).filter(([key]) => key !== name);
  if (value !== undefined) entries.push([name, value]);
  return Object.fromEntries(entries) as unknown as PageElement;
}
