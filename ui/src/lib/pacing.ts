/** How much of what a run has done is shown in one frame. Pure. */
import type { RunChange } from "./trace";

// Nodes that are drawn anew within a frame of a slow machine, with the ways at them.
const NODES = 24;
// What waits is shown within about this many frames, however much it is.
const BEHIND = 30;

/**
 * How many of the changes that wait are shown in the next frame: those of 24 nodes, or more where many wait. Text that grows
 * at a node is one change of it, in however many pieces it came.
 */
export function portionOf(waiting: readonly RunChange[]): number {
  const most = Math.max(NODES, waiting.length / BEHIND);
  const touched = new Set<unknown>();
  const end = waiting.findIndex(({ data }) => touched.add(data["node"]).size > most);
  return end < 0 ? waiting.length : end;
}
