import type { Checkpoint, Toolchain } from "@/models";
import { pathOf } from "./places";
import type { RunTrace } from "./trace";

/** What a checkpoint is behind, in words: the node that had just ended. */
export function stepInWords(
  { node, kind }: Pick<Checkpoint, "node" | "kind">,
  trace: RunTrace,
  toolchain: Pick<Toolchain, "nodes">,
): string {
  if (kind === "start") return "The beginning";
  if (kind === "edit" || node === null) return "What the fork changed";
  // The answer to a pause and the end of a wait are steps of their own within their node.
  if (kind === "answer") return `Answer to ${pathOf(node.replace(/\.answer$/, ""), trace, toolchain)}`;
  if (kind === "time") return `${pathOf(node.replace(/\.until$/, ""), trace, toolchain)} fixed its time`;
  return `After ${pathOf(node, trace, toolchain)}`;
}
