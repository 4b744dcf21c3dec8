import { autocompletion, closeBrackets, type CompletionContext } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { bracketMatching, foldGutter, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
} from "@codemirror/view";
import type { DecorationSet, ViewUpdate } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** What can be put into a text. */
export interface Completion {
  label: string;
  detail: string;
}

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: [tags.string], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
]);

export function extensionsFor(
  language: "json" | "python" | "template",
  completions: () => readonly Completion[],
): Extension {
  // Tab leads out of the field, as everywhere in a form.
  const common = [history(), keymap.of([...defaultKeymap, ...historyKeymap]), drawSelection(), EditorView.lineWrapping];
  if (language === "template") return [common, chips, suggestions(completions)];
  return [
    common,
    language === "json" ? json() : python(),
    language === "json" ? [lineNumbers(), foldGutter()] : lineNumbers(),
    syntaxHighlighting(highlighting),
    bracketMatching(),
    closeBrackets(),
  ];
}

const decorator = new MatchDecorator({
  regexp: /\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/g,
  decoration: Decoration.mark({ class: "cm-chip" }),
});

/** References in a template, drawn as chips. */
const chips = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = decorator.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Two braces open the list of what may be referred to. */
function suggestions(completions: () => readonly Completion[]): Extension {
  return autocompletion({
    override: [
      (context: CompletionContext) => {
        const before = context.matchBefore(/\{\{\s*[A-Za-z0-9_.-]*/);
        if (!before) return null;
        return {
          from: before.from,
          filter: true,
          options: completions().map(({ label, detail }) => ({
            label: `{{ ${label} }}`,
            detail,
            apply: (view: EditorView, _: unknown, from: number, to: number) => {
              const closes = view.state.sliceDoc(to, to + 3).match(/^\s*\}\}/)?.[0].length ?? 0;
              const insert = `{{ ${label} }}`;
              view.dispatch({
                changes: { from, to: to + closes, insert },
                selection: { anchor: from + insert.length },
              });
            },
          })),
        };
      },
    ],
  });
}
