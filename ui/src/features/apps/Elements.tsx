import { Tabs } from "@mantine/core";
import { use } from "react";
import { isSomething, valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { ElementFrame, DropGap } from "./ElementFrame";
import { EditingContext } from "./editing";
import { ElementBoundary } from "./ElementBoundary";
import { OneElement } from "./OneElement";
import classes from "./Elements.module.css";
import { useOpenPage } from "./runtime";

interface ElementsProps {
  elements: readonly PageElement[];
  /** What holds them: an element's id, or the page. */
  parent: string | null;
  tab?: number;
  /** Side by side, with their shares of the width. */
  row?: readonly number[];
}

/** Elements in their order, those that are shown. */
export function Elements({ elements, parent, tab = 0, row }: ElementsProps) {
  const { scope } = useOpenPage();
  const editing = use(EditingContext);
  const shown = editing ? elements : elements.filter(({ when }) => isShown(when, scope));
  return (
    <>
      {shown.map((element, index) => (
        <div
          key={element.id}
          className={classes.cell}
          data-kind={element.kind}
          {...(row?.length ? { style: { flexGrow: row[elements.indexOf(element)] ?? 1 } } : {})}
        >
          {editing ? <DropGap place={{ parent, tab, index }} sideways={row !== undefined} /> : null}
          <ElementFrame element={element} dim={editing !== null && !isShown(element.when, scope)}>
            <ElementBoundary>
              <Held element={element} />
            </ElementBoundary>
          </ElementFrame>
        </div>
      ))}
      {editing ? (
        <DropGap
          place={{ parent, tab, index: shown.length }}
          sideways={row !== undefined && shown.length > 0}
          last
          empty={shown.length === 0}
        />
      ) : null}
    </>
  );
}

function isShown(when: unknown, scope: Record<string, unknown>): boolean {
  return when === undefined || when === null || isSomething(valueOf(when, scope));
}

/** An element that holds others, or one that is something itself. */
function Held({ element }: { element: PageElement }) {
  if (element.kind === "tabs") return <TabsElement element={element} />;
  if (element.kind === "row") {
    return (
      <div className={classes.row} data-align={element.align ?? "stretch"}>
        <Elements elements={element.children} parent={element.id} row={element.shares ?? []} />
      </div>
    );
  }
  if (element.kind !== "column") return <OneElement element={element} />;
  const { label = "", surface = "none", children } = element;
  return (
    <section className={classes.column} data-surface={surface} {...(label ? { "aria-label": label } : {})}>
      {label ? <h2 className={classes.heading}>{label}</h2> : null}
      <Elements elements={children} parent={element.id} />
    </section>
  );
}

function TabsElement({ element }: { element: Extract<PageElement, { kind: "tabs" }> }) {
  return (
    <Tabs defaultValue="0" keepMounted={false}>
      <Tabs.List className={classes.tabs ?? ""}>
        {element.tabs.map(({ title }, index) => (
          <Tabs.Tab key={index} value={`${index}`}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {element.tabs.map(({ children }, index) => (
        <Tabs.Panel key={index} value={`${index}`} className={classes.panel ?? ""}>
          <Elements elements={children} parent={element.id} tab={index} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
