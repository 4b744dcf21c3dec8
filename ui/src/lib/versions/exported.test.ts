import { expect, test } from "vitest";
import type { Toolchain } from "@/models";
import { exportedText } from "./exported";

const TOOLCHAIN: Toolchain = {
  edges: [{ from: "start", to: "b" }],
  metadata: { z: 1, editor: { places: { b: [1, 2], a: [3, 4] } } },
  nodes: [{ kind: "code", code: "1", id: "b" }],
  input: { type: "object", properties: { zebra: {}, ant: {} } },
  title: "T",
  id: "t",
};

test("the same toolchain is the same text, however its keys stand", () => {
  const other = Object.fromEntries(Object.entries(TOOLCHAIN).reverse()) as unknown as Toolchain;
  expect(exportedText(other)).toBe(exportedText(TOOLCHAIN));
  expect(exportedText(TOOLCHAIN).endsWith("}\n")).toBe(true);
});

test("nothing is lost, and what people named stays in their order", () => {
  const text = exportedText(TOOLCHAIN);
  expect(JSON.parse(text)).toEqual(TOOLCHAIN);
  expect(text.indexOf('"zebra"')).toBeLessThan(text.indexOf('"ant"'));
  expect(text.indexOf('"id": "t"')).toBeLessThan(text.indexOf('"title"'));
  expect(text.indexOf('"id": "b"')).toBeLessThan(text.indexOf('"kind"'));
  expect(text.indexOf('"a": [')).toBeLessThan(text.indexOf('"b": ['));
});
