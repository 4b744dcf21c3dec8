/** A page under the hand: elements are found, put in, moved and taken out by their names. Pure. */
import type { PageDefinition, PageElement } from "@/models";

/** A place for an element: in the page itself (null) or in a row, a column or a tab, before the element at `index`. */
export interface ElementPlace {
  parent: string | null;
  tab: number;
  index: number;
}

const NOWHERE: readonly PageElement[] = [];

/** The lists of elements that an element holds: one for rows and columns, one for each tab. */
export function listsOf(element: PageElement): (readonly PageElement[])[] {
  if (element.kind === "row" || element.kind === "column") return [element.children];
  return element.kind === "tabs" ? element.tabs.map(({ children }) => children) : [];
}

function withLists(element: PageElement, lists: readonly (readonly PageElement[])[]): PageElement {
  const children = [...(lists[0] ?? NOWHERE)];
  if (element.kind === "column") return { ...element, children };
  // Shares that do not fit the children any more would be a fault.
  if (element.kind === "row") {
    return { ...element, children, shares: element.shares?.length === children.length ? element.shares : [] };
  }
  if (element.kind !== "tabs") return element;
  return { ...element, tabs: element.tabs.map((tab, i) => ({ ...tab, children: [...(lists[i] ?? NOWHERE)] })) };
}

/** Every element of the page, those within others behind them. */
export function* elementsOf(elements: readonly PageElement[]): Generator<PageElement> {
  for (const element of elements) {
    yield element;
    for (const list of listsOf(element)) yield* elementsOf(list);
  }
}

export function findElement(page: PageDefinition, id: string | null): PageElement | null {
  for (const element of elementsOf(page.elements)) if (element.id === id) return element;
  return null;
}

export function placeOf(page: PageDefinition, id: string): ElementPlace | null {
  const index = page.elements.findIndex((element) => element.id === id);
  if (index >= 0) return { parent: null, tab: 0, index };
  for (const parent of elementsOf(page.elements)) {
    for (const [tab, list] of listsOf(parent).entries()) {
      const at = list.findIndex((element) => element.id === id);
      if (at >= 0) return { parent: parent.id, tab, index: at };
    }
  }
  return null;
}

/** The list at a place. */
export function listAt(page: PageDefinition, { parent, tab }: Pick<ElementPlace, "parent" | "tab">) {
  if (parent === null) return page.elements;
  const holder = findElement(page, parent);
  return holder ? (listsOf(holder)[tab] ?? NOWHERE) : NOWHERE;
}

/** The same elements with every list changed by `change`, which sees what holds it. */
function mapped(
  elements: readonly PageElement[],
  holder: { parent: string | null; tab: number },
  change: (list: readonly PageElement[], holder: { parent: string | null; tab: number }) => readonly PageElement[],
): PageElement[] {
  return change(elements, holder).map((element) => {
    const lists = listsOf(element);
    if (lists.length === 0) return element;
    const next = lists.map((list, tab) => mapped(list, { parent: element.id, tab }, change));
    return withLists(element, next);
  });
}

const ROOT = { parent: null, tab: 0 };

/** The page with each of its elements changed, those within others too; ids and what holds what stay. */
export function withEveryElement(page: PageDefinition, change: (element: PageElement) => PageElement): PageDefinition {
  return { ...page, elements: mapped(page.elements, ROOT, (list) => list.map(change)) };
}

export function updateElement(page: PageDefinition, id: string, element: PageElement): PageDefinition {
  const change = (list: readonly PageElement[]) => list.map((one) => (one.id === id ? element : one));
  return { ...page, elements: mapped(page.elements, ROOT, change) };
}

export function removeElement(page: PageDefinition, id: string): PageDefinition {
  const change = (list: readonly PageElement[]) => list.filter((one) => one.id !== id);
  return { ...page, elements: mapped(page.elements, ROOT, change) };
}

export function insertElement(page: PageDefinition, element: PageElement, place: ElementPlace): PageDefinition {
  const change = (list: readonly PageElement[], holder: { parent: string | null; tab: number }) =>
    holder.parent === place.parent && holder.tab === place.tab ? list.toSpliced(place.index, 0, element) : list;
  return { ...page, elements: mapped(page.elements, ROOT, change) };
}

/** The page with an element at another place; the same page where that lies within the element itself. */
export function moveElement(page: PageDefinition, id: string, place: ElementPlace): PageDefinition {
  const element = findElement(page, id);
  const from = placeOf(page, id);
  if (!element || !from || [...elementsOf([element])].some((inner) => inner.id === place.parent)) return page;
  const same = from.parent === place.parent && from.tab === place.tab;
  const index = same && from.index < place.index ? place.index - 1 : place.index;
  return insertElement(removeElement(page, id), element, { ...place, index });
}

/** The place one step further in the element's own list, or out of what holds it where that ends. */
export function stepFrom(page: PageDefinition, id: string, by: 1 | -1): ElementPlace | null {
  const place = placeOf(page, id);
  if (!place) return null;
  const index = by === 1 ? place.index + 2 : place.index - 1;
  if (index >= 0 && index <= listAt(page, place).length) return { ...place, index };
  const around = place.parent === null ? null : placeOf(page, place.parent);
  return around && { ...around, index: by === 1 ? around.index + 1 : around.index };
}

/** A name that no element of the page has. */
export function freshId(page: PageDefinition, base: string, taken: ReadonlySet<string> = new Set()): string {
  const names = new Set([...elementsOf(page.elements)].map(({ id }) => id));
  let name = base;
  for (let number = 2; names.has(name) || taken.has(name); number++) name = `${base}_${number}`;
  return name;
}

/** A copy of an element with names of its own, for the same page. */
export function copyOf(page: PageDefinition, element: PageElement): PageElement {
  const taken = new Set<string>();
  const renamed = (one: PageElement): PageElement => {
    const id = freshId(page, one.id.replace(/_\d+$/, ""), taken);
    taken.add(id);
    const lists = listsOf(one).map((list) => list.map(renamed));
    return { ...withLists(one, lists), id };
  };
  return renamed(element);
}

/** The path of an element as faults name it: `page.elements[0].children[2]`. */
export function pathOfElement(page: PageDefinition, id: string): string | null {
  const place = placeOf(page, id);
  if (!place) return null;
  if (place.parent === null) return `page.elements[${place.index}]`;
  const around = pathOfElement(page, place.parent);
  const holder = findElement(page, place.parent);
  const list = holder?.kind === "tabs" ? `tabs[${place.tab}].children` : "children";
  return around && `${around}.${list}[${place.index}]`;
}
