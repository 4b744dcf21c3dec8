import type { TimeAccount } from "@/models";

export type TimePart = "queue" | "compile" | "nodes" | "model" | "checkpoint" | "paused" | "other";

export interface TimeShare {
  part: TimePart;
  label: string;
  /** What it means, in a sentence. */
  meaning: string;
  ms: number;
  /** Of all parts together, from 0 to 1. */
  share: number;
}

const PARTS: [part: TimePart, label: string, meaning: string][] = [
  ["queue", "Queue", "From being asked for until a process took it."],
  ["compile", "Compile", "Making the graph of the toolchain."],
  ["nodes", "Nodes", "In nodes, without the wait for models."],
  ["model", "Models", "Waiting for models."],
  ["checkpoint", "Checkpoints", "Storing what steps gave."],
  ["paused", "Paused", "Waiting for people, events and times."],
  ["other", "Other", "The graph, the events, the end."],
];

/** Where a run's time went, in the order in which a run comes by it. */
export function sharesOf(time: TimeAccount): TimeShare[] {
  const parts = PARTS.map(([part, label, meaning]) => ({ part, label, meaning, ms: Math.max(0, time[`${part}_ms`]) }));
  const sum = parts.reduce((all, { ms }) => all + ms, 0);
  return parts.map((part) => ({ ...part, share: sum > 0 ? part.ms / sum : 0 }));
}

/** True when nodes worked side by side, so that the parts are more than the total. */
export function overlaps(time: TimeAccount): boolean {
  const sum = PARTS.reduce((all, [part]) => all + time[`${part}_ms`], 0);
  return sum > time.total_ms * 1.02 + 1;
}
