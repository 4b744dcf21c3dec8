import { Button, SegmentedControl, UnstyledButton } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from "react";
import type { PageDefinition, Fault, Toolchain } from "@/models";
import {
  copyOf,
  type ElementPlace,
  elementsOf,
  findElement,
  freshId,
  insertElement,
  moveElement,
  pathOfElement,
  placeOf,
  removeElement,
  stepFrom,
  updateElement,
} from "@/lib/pageEdit";
import { type ElementKind, newElement } from "@/lib/pageElements";
import { type Editing, EditingContext } from "../editing";
import { PageView } from "../PageView";
import { usePage } from "../runtime";
import classes from "./Builder.module.css";
import { Inspector } from "./Inspector";
import inspector from "./Inspector.module.css";
import { NEW, Palette } from "./Palette";
import { PageSettings } from "./PageSettings";

interface PageBuilderProps {
  /** With the page as it is now. */
  toolchain: Toolchain;
  page: PageDefinition;
  /** What the preview runs: a version that is saved; null where there is none yet. */
  saved: { id: string; version: number } | null;
  faults: readonly Fault[];
  /** What is done with the whole of it, at the end of the bar. */
  actions: ReactNode;
  /** @param merge changes of the same name go together as one to undo */
  onChange: (page: PageDefinition, merge: string | null) => void;
  onUndo: () => void;
  onRedo: () => void;
}

/** A page built by eye: the kinds of elements, the page itself at work, and what is set of the element that is chosen. */
export function PageBuilder({ toolchain, page, saved, faults, actions, onChange, onUndo, onRedo }: PageBuilderProps) {
  const [selected, setSelected] = useState<string | null>(null);
  const [dragging, setDragging] = useState<string | null>(null);
  const [purpose, setPurpose] = useState<"edit" | "try">("edit");
  const [wide, setWide] = useState<"wide" | "phone">("wide");
  const [thread, setThread] = useState<string | null>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const served = { id: saved?.id ?? toolchain.id, version: saved?.version ?? null, toolchain, page };
  const open = usePage(served, thread, setThread);
  const element = findElement(page, selected);
  const faulty = useMemo(() => faultyElements(page, faults), [page, faults]);

  function add(kind: ElementKind, place: ElementPlace) {
    const made = newElement(kind, freshId(page, kind), toolchain);
    const { session } = made;
    const next = insertElement(page, made.element, place);
    onChange(session ? { ...next, session: { ...next.session, [session.name]: { type: session.type } } } : next, null);
    setSelected(made.element.id);
  }

  /** Behind what is chosen; into it, where it holds others. */
  function placeForNew(): ElementPlace {
    if (element?.kind === "row" || element?.kind === "column") {
      return { parent: element.id, tab: 0, index: element.children.length };
    }
    if (element?.kind === "tabs") return { parent: element.id, tab: 0, index: element.tabs[0]?.children.length ?? 0 };
    const place = selected === null ? null : placeOf(page, selected);
    return place ? { ...place, index: place.index + 1 } : { parent: null, tab: 0, index: page.elements.length };
  }

  function drop(place: ElementPlace) {
    if (dragging?.startsWith(NEW)) add(dragging.slice(NEW.length) as ElementKind, place);
    else if (dragging !== null) onChange(moveElement(page, dragging, place), null);
    setDragging(null);
  }

  function remove(id: string) {
    onChange(removeElement(page, id), null);
    setSelected(null);
    canvas.current?.focus();
  }

  function duplicate(id: string) {
    const place = placeOf(page, id);
    const original = findElement(page, id);
    if (!place || !original) return;
    const copy = copyOf(page, original);
    onChange(insertElement(page, copy, { ...place, index: place.index + 1 }), null);
    setSelected(copy.id);
  }

  function onKeyDown(event: KeyboardEvent) {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const typing = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable=true]");
    const command = ctrlKey || metaKey;
    const done = () => event.preventDefault();
    if (typing || purpose === "try") return;
    if (command && key.toLowerCase() === "z") (shiftKey ? onRedo : onUndo)();
    else if (command && key.toLowerCase() === "y") onRedo();
    else if (selected === null) return;
    else if (command && key.toLowerCase() === "d") duplicate(selected);
    else if (key === "Delete" || key === "Backspace") remove(selected);
    else if (key === "Escape") setSelected(null);
    else if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
      const place = stepFrom(page, selected, key === "ArrowUp" ? -1 : 1);
      if (place) onChange(moveElement(page, selected, place), null);
    } else return;
    done();
  }

  const editing: Editing = {
    ...{ selected, faulty, dragging },
    onSelect: setSelected,
    // A drag that changes the page in its first moment is broken off by browsers.
    onDrag: (what) => void setTimeout(() => setDragging(what)),
    onDrop: drop,
  };
  return (
    <EditingContext value={purpose === "edit" ? editing : null}>
      <div className={classes.builder} onKeyDown={onKeyDown}>
        <Palette onAdd={(kind) => add(kind, placeForNew())} />
        <div className={classes.middle}>
          <div className={classes.bar}>
            <SegmentedControl
              size="xs"
              aria-label="What the page is for now"
              data={[
                { value: "edit", label: "Edit" },
                { value: "try", label: "Try it" },
              ]}
              value={purpose}
              onChange={(next) => setPurpose(next)}
            />
            <SegmentedControl
              size="xs"
              aria-label="Width of the page"
              data={[
                { value: "wide", label: "Wide" },
                { value: "phone", label: "Phone" },
              ]}
              value={wide}
              onChange={(next) => setWide(next)}
            />
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => void open.act([{ do: "restart" }])}>
              Begin anew
            </Button>
            {actions}
          </div>
          <div
            ref={canvas}
            className={classes.canvas}
            data-width={wide}
            tabIndex={-1}
            role="region"
            aria-label="The page"
            onClick={({ target, currentTarget }) => {
              if (target === currentTarget) setSelected(null);
            }}
          >
            <div className={classes.sheet}>
              {saved === null && purpose === "try" ? (
                <p className={classes.note}>Save the toolchain first: the page runs what is saved.</p>
              ) : null}
              <PageView open={open} />
            </div>
          </div>
        </div>
        <aside className={classes.aside} aria-label="Settings">
          {element ? (
            <Inspector
              key={element.id}
              element={element}
              toolchain={toolchain}
              page={page}
              onChange={(next, field) => onChange(updateElement(page, element.id, next), `${element.id}.${field}`)}
              onDuplicate={() => duplicate(element.id)}
              onRemove={() => remove(element.id)}
            />
          ) : (
            <PageSettings
              page={page}
              title={toolchain.title}
              onChange={(next, field) => onChange(next, `page.${field}`)}
            />
          )}
          <FaultsOfPage faults={faults} page={page} onShow={setSelected} />
        </aside>
      </div>
    </EditingContext>
  );
}

function faultyElements(page: PageDefinition, faults: readonly Fault[]): ReadonlySet<string> {
  return new Set(faults.flatMap((fault) => elementOfFault(page, fault.path) ?? []));
}

/** The innermost element that a fault is about. */
function elementOfFault(page: PageDefinition, path: string): string | null {
  let found: { id: string; length: number } | null = null;
  for (const { id } of elementsOf(page.elements)) {
    const own = pathOfElement(page, id) ?? "";
    const about = path === own || path.startsWith(`${own}.`);
    if (about && own.length > (found?.length ?? 0)) found = { id, length: own.length };
  }
  return found?.id ?? null;
}

interface FaultsOfPageProps {
  faults: readonly Fault[];
  page: PageDefinition;
  onShow: (id: string | null) => void;
}

function FaultsOfPage({ faults, page, onShow }: FaultsOfPageProps) {
  if (faults.length === 0) return null;
  return (
    <ul className={inspector.faults} aria-label="Faults of the page">
      {faults.map(({ path, message }, index) => (
        <li key={`${path} ${index}`}>
          <UnstyledButton className={inspector.fault} onClick={() => onShow(elementOfFault(page, path))}>
            <code>{path}</code>
            {message}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
