import { expect, test } from "vitest";
import type { Node } from "@/models";
import { pictureOf } from "./picture";

test("every node has a box within the picture", () => {
  const nodes = ["a", "b"].map((id): Node => ({ id, kind: "code", code: "1" }));
  const edges = [
    { from: "start", to: "a" },
    { from: "a", to: "b" },
    { from: "b", to: "end" },
  ];
  const { boxes, lines, width, height } = pictureOf({ nodes: nodes, edges });
  expect(boxes.map(({ id }) => id)).toEqual(["start", "a", "b", "end"]);
  expect(lines).toHaveLength(3);
  for (const box of boxes) {
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(box.y + box.height).toBeLessThanOrEqual(height);
  }
});
