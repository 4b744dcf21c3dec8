import { describe, expect, it } from "vitest";
import type { PageDefinition, PageElement } from "@/models";
import {
  copyOf,
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
} from "./pageEdit";

const line = (id: string): PageElement => ({ id, kind: "divider" });
const page: PageDefinition = {
  elements: [
    line("a"),
    {
      id: "row",
      kind: "row",
      shares: [2, 1],
      children: [line("b"), { id: "box", kind: "column", children: [line("c")] }],
    },
    {
      id: "tabs",
      kind: "tabs",
      tabs: [
        { title: "One", children: [line("d")] },
        { title: "Two", children: [] },
      ],
    },
  ],
};
const ids = (of: PageDefinition) => [...elementsOf(of.elements)].map(({ id }) => id).join(" ");

it("finds elements, their places and their paths", () => {
  expect(ids(page)).toBe("a row b box c tabs d");
  expect(findElement(page, "c")?.kind).toBe("divider");
  expect(placeOf(page, "d")).toEqual({ parent: "tabs", tab: 0, index: 0 });
  expect(pathOfElement(page, "c")).toBe("page.elements[1].children[1].children[0]");
  expect(pathOfElement(page, "d")).toBe("page.elements[2].tabs[0].children[0]");
  expect(pathOfElement(page, "gone")).toBeNull();
});

describe("moveElement", () => {
  it("moves within a list and between lists", () => {
    expect(ids(moveElement(page, "a", { parent: null, tab: 0, index: 3 }))).toBe("row b box c tabs d a");
    expect(ids(moveElement(page, "d", { parent: "tabs", tab: 1, index: 0 }))).toBe("a row b box c tabs d");
    const into = moveElement(page, "a", { parent: "box", tab: 0, index: 1 });
    expect(ids(into)).toBe("row b box c a tabs d");
    expect(findElement(into, "row")).toMatchObject({ shares: [2, 1] });
  });

  it("forgets shares that fit no more", () => {
    expect(findElement(moveElement(page, "b", { parent: null, tab: 0, index: 0 }), "row")).toMatchObject({
      shares: [],
    });
  });

  it("puts nothing into itself", () => {
    expect(moveElement(page, "row", { parent: "box", tab: 0, index: 0 })).toBe(page);
    expect(moveElement(page, "row", { parent: "row", tab: 0, index: 0 })).toBe(page);
    expect(moveElement(page, "gone", { parent: null, tab: 0, index: 0 })).toBe(page);
  });
});

it("steps through a list and out of what holds it", () => {
  expect(stepFrom(page, "a", 1)).toEqual({ parent: null, tab: 0, index: 2 });
  expect(stepFrom(page, "a", -1)).toBeNull();
  expect(stepFrom(page, "c", -1)).toEqual({ parent: "row", tab: 0, index: 1 });
  expect(stepFrom(page, "c", 1)).toEqual({ parent: "row", tab: 0, index: 2 });
});

it("inserts, changes, removes and copies with names of their own", () => {
  expect(ids(insertElement(page, line("e"), { parent: "tabs", tab: 1, index: 0 }))).toBe("a row b box c tabs d e");
  expect(ids(removeElement(page, "row"))).toBe("a tabs d");
  expect(updateElement(page, "a", { id: "a", kind: "divider", label: "Here" }).elements[0]).toMatchObject({
    label: "Here",
  });
  expect(freshId(page, "a")).toBe("a_2");
  const row = findElement(page, "row");
  const copy = row && copyOf(page, row);
  expect(copy && [...elementsOf([copy])].map(({ id }) => id)).toEqual(["row_2", "b_2", "box_2", "c_2"]);
});
