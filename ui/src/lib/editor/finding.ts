/** Nodes found by what stands anywhere in them. Pure. */
import { titleOf } from "@/lib/flow";
import type { Toolchain } from "@/models";
import { keptOf } from "./keeping";
import { everyNode } from "./tree";

export interface Found {
  /** The id of a box on the canvas. */
  id: string;
  title: string;
  /** Where the words stand, with what is around them; empty when it is the title. */
  excerpt: string;
}

const AROUND = 24;
const MOST = 100;

/** What holds a text, in its title, its name, its fields or a note. */
export function findIn(toolchain: Toolchain, query: string): Found[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const found: Found[] = [];
  for (const [node] of everyNode(toolchain)) {
    const title = titleOf(node);
    const own = "body" in node ? { ...node, body: null } : node;
    const excerpt = `${title}\n${node.id}`.toLowerCase().includes(wanted) ? "" : excerptOf(JSON.stringify(own), wanted);
    if (excerpt !== null) found.push({ id: node.id, title, excerpt });
    if (found.length >= MOST) return found;
  }
  for (const { id, text } of keptOf(toolchain).notes) {
    const excerpt = excerptOf(text, wanted);
    if (excerpt !== null) found.push({ id: `note:${id}`, title: "Note", excerpt });
  }
  return found.slice(0, MOST);
}

function excerptOf(text: string, wanted: string): string | null {
  const at = text.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  const [start, end] = [Math.max(0, at - AROUND), Math.min(text.length, at + wanted.length + AROUND)];
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}
