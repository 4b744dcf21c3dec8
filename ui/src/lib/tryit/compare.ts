/** Two runs side by side. Pure. */
import { sameJson } from "@/lib/json";
import { pathOf } from "@/lib/places";
import type { NodeTrace, RunTrace } from "@/lib/trace";
import type { Toolchain } from "@/models";

export interface Compared {
  place: string;
  title: string;
  left: NodeTrace | null;
  right: NodeTrace | null;
  /** What differs: whether it was done, how it ended, what it was given, or what it gave; null: nothing. */
  differs: "presence" | "status" | "output" | "input" | null;
}

/** Every place that one of the two runs has come to, in the order of the left one; those of the right alone behind. */
export function compareRuns(
  left: { trace: RunTrace; toolchain: Pick<Toolchain, "nodes"> },
  right: { trace: RunTrace; toolchain: Pick<Toolchain, "nodes"> },
): Compared[] {
  const places = [...new Set([...left.trace.nodes.keys(), ...right.trace.nodes.keys()])];
  return places.map((place) => {
    const here = left.trace.nodes.get(place) ?? null;
    const there = right.trace.nodes.get(place) ?? null;
    const side = here ? left : right;
    return {
      place,
      title: pathOf(place, side.trace, side.toolchain),
      left: here,
      right: there,
      differs: differenceOf(here, there),
    };
  });
}

function differenceOf(left: NodeTrace | null, right: NodeTrace | null): Compared["differs"] {
  if (!left || !right) return "presence";
  if (left.status !== right.status) return "status";
  if (!sameJson(left.output, right.output)) return "output";
  return sameJson(left.input, right.input) ? null : "input";
}
