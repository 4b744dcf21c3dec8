import { expect, it } from "vitest";
import { locate } from "./locate";

const text = `  {
  "id": "a \\"b\\" ]}",
  "nodes": [
    { "id": "x", "input": {"query": [1, {"deep": -1.5e3}]} },
    true
  ],
  "ед": null
}
`;

it.each([
  ["$", text.trim()],
  ["id", '"a \\"b\\" ]}"'],
  ["nodes[0].id", '"x"'],
  ["nodes[0].input.query", '[1, {"deep": -1.5e3}]'],
  ["nodes[0].input.query[1].deep", "-1.5e3"],
  ["nodes[1]", "true"],
  ["ед", "null"],
  // What is missing: the nearest that is there.
  ["nodes[0].kind", '{ "id": "x", "input": {"query": [1, {"deep": -1.5e3}]} }'],
  ["nodes[7].id", text.slice(text.indexOf("["), text.indexOf("  ],") + 3)],
  ["id.more", '"a \\"b\\" ]}"'],
])("finds %s", (path, value) => expect(text.slice(...locate(text, path))).toBe(value));

it("bears a text that ends too early", () => {
  expect(locate('{"a": [1, "b', "a[1]")).toEqual([10, 12]);
  expect(locate("", "a")).toEqual([0, 0]);
});
