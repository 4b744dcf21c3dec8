import { describe, expect, it } from "vitest";
import { citedNumbers, remarkCitations, splitMarks } from "./citations";

const known = new Set([1, 2, 3, 10]);
const show = (text: string) => splitMarks(text, known).map((piece) => (piece.kind === "text" ? piece.text : piece.n));

describe("splitMarks", () => {
  it("splits single, repeated, listed and ranged marks", () => {
    expect(show("It rises [1]. So [2][3], also [1, 10] and [1-3].")).toEqual([
      "It rises",
      1,
      ". So",
      2,
      3,
      ", also",
      1,
      10,
      " and",
      1,
      2,
      3,
      ".",
    ]);
  });

  it.each(["In [1999] it was.", "a[0] = 1", "see [4]", "[1, 4]", "[3-1]", "[x]", "no marks", "[]", "[1"])(
    "leaves %j alone",
    (text) => {
      expect(show(text)).toEqual([text]);
    },
  );

  it("has nothing to say of nothing", () => expect(show("")).toEqual([]));
});

it("lists what is cited once, in order", () => {
  expect(citedNumbers("b [2] a [1] b [2]", known)).toEqual([2, 1]);
});

it("turns marks of running text into elements, not those of links and code", () => {
  const tree = {
    type: "root",
    children: [
      { type: "paragraph", children: [{ type: "text", value: "Yes [1]." }] },
      { type: "link", children: [{ type: "text", value: "[1]" }] },
      { type: "code", value: "[1]" },
    ],
  };
  remarkCitations({ known })(tree);
  expect(tree.children[0]?.children).toMatchObject([
    { type: "text", value: "Yes" },
    { type: "citation", data: { hName: "cite-mark", hProperties: { n: 1 } } },
    { type: "text", value: "." },
  ]);
  expect(tree.children[1]?.children).toEqual([{ type: "text", value: "[1]" }]);
  expect(tree.children[2]).toEqual({ type: "code", value: "[1]" });
});
