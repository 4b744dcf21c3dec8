interface TreeNode {
  type: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: TreeNode[];
}

/**
 * A rehype plugin: every paragraph, list and table of a text runs in the direction of its own first letters; what is in it
 * with it. Code always runs from left to right.
 */
export function rehypeDirection() {
  return ({ children = [] }: TreeNode) => {
    for (const child of children) {
      if (child.type === "element" && child.tagName !== "pre") child.properties = { ...child.properties, dir: "auto" };
    }
  };
}
