import { expect, test } from "vitest";
import type { Toolchain } from "@/models";
import { together } from "./together";

const BASE: Toolchain = {
  ...{ id: "t", title: "T", nodes: [{ id: "meet", kind: "join" }], edges: [{ from: "start", to: "meet" }] },
  page: null,
};
const PAGED: Toolchain = { ...BASE, page: { elements: [{ id: "line", kind: "divider" }] } };

test("what each changed is in it", () => {
  const theirs = { ...BASE, description: "Theirs", edges: [...BASE.edges, { from: "meet", to: "end" }] };
  expect(together(BASE, PAGED, theirs)).toEqual({ ...theirs, page: PAGED.page });
  expect(together(BASE, theirs, PAGED)).toEqual({ ...theirs, page: PAGED.page });
});

test("what one took away is gone, what both changed alike stays", () => {
  expect(together(PAGED, BASE, { ...PAGED, title: "U" })).toEqual({ ...BASE, page: undefined, title: "U" });
  expect(together(BASE, PAGED, PAGED)).toEqual(PAGED);
});

test("of two workflows or two pages neither is taken", () => {
  const mine: Toolchain = { ...BASE, nodes: [] };
  expect(together(BASE, mine, { ...BASE, edges: [] })).toBeNull();
  expect(together(BASE, PAGED, { ...BASE, page: { elements: [] } })).toBeNull();
});
