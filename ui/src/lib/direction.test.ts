import { expect, it } from "vitest";
import { rehypeDirection } from "./direction";

it("lets every block of a text find its direction, but code", () => {
  const inner = { type: "element", tagName: "strong", properties: {} };
  const tree = {
    type: "root",
    children: [
      { type: "element", tagName: "p", properties: { className: "x" }, children: [inner] },
      { type: "text" },
      { type: "element", tagName: "ul" },
      { type: "element", tagName: "pre", properties: {} },
    ],
  };
  rehypeDirection()(tree);
  expect(tree.children.map((child) => ("properties" in child ? child.properties : null))).toEqual([
    { className: "x", dir: "auto" },
    null,
    { dir: "auto" },
    {},
  ]);
  expect(inner.properties).toEqual({});
});
