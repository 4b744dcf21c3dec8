/** Names of a toolchain's nodes and inputs where its page says them outside of references. Pure. */
import { keyed } from "@/lib/json";
import { withEveryElement } from "@/lib/pageEdit";
import type { PageAction, PageDefinition, PageElement } from "@/models";
import { withReferences } from "./values";

/** The page that answers a node under its new name. */
export function pageWithNodeRenamed(page: PageDefinition, id: string, name: string): PageDefinition {
  return withActions(page, (action) =>
    action.do === "answer" && action.node === id ? { ...action, node: name } : action,
  );
}

/** The page that fills in a field of the input under its new name: in forms, in chats, and in what events give to runs. */
export function pageWithInputRenamed(page: PageDefinition, field: string, name: string): PageDefinition {
  const target = (to: string) => (to === `input.${field}` ? `input.${name}` : to);
  const inEvent = (path: string) =>
    path.replace(/^event\.value\.([^.]+)/, (whole, key) => (key === field ? `event.value.${name}` : whole));

  function element(one: PageElement): PageElement {
    const next = "to" in one && typeof one.to === "string" ? ({ ...one, to: target(one.to) } as PageElement) : one;
    if (next.kind === "chat" && (next.question ?? "question") === field) return { ...next, question: name };
    if (next.kind !== "form" || next.schema) return next;
    const own = withReferences(next, inEvent) as typeof next;
    return { ...own, ...(own.fields ? { fields: own.fields.map((key) => (key === field ? name : key)) } : {}) };
  }

  return withActions(withEveryElement(page, element), (action) => {
    if (action.do === "set") return { ...action, to: target(action.to) };
    return action.do === "run" && action.input ? { ...action, input: keyed(action.input, field, name) } : action;
  });
}

/** The page with what its events do changed. */
function withActions(page: PageDefinition, change: (action: PageAction) => PageAction): PageDefinition {
  return withEveryElement(page, (element) => {
    const events = Object.entries(element).filter(([key]) => key.startsWith("on_")) as [string, PageAction[]][];
    if (events.length === 0) return element;
    return { ...element, ...Object.fromEntries(events.map(([key, actions]) => [key, actions.map(change)])) };
  });
}
