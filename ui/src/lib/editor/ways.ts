/** The ways between nodes, of every sort: edges, the cases of a branch, and where a failing node goes. Pure. */
import type { Edge, Node } from "@/models";

export const START = "start";
export const END = "end";

/** Where a way leaves its node. */
export type Exit = { sort: "edge" } | { sort: "case"; index: number } | { sort: "else" } | { sort: "error" };

export interface Way {
  from: string;
  to: string;
  exit: Exit;
}

/** Every way of a part, those without a target left out. */
export function waysOf(part: { nodes: readonly Node[]; edges: readonly Edge[] }): Way[] {
  const ways: Way[] = part.edges.map(({ from, to }) => ({ from, to, exit: { sort: "edge" } }));
  for (const node of part.nodes) {
    if (node.kind === "branch") {
      node.cases.forEach(({ to }, index) => ways.push({ from: node.id, to, exit: { sort: "case", index } }));
      ways.push({ from: node.id, to: node.else, exit: { sort: "else" } });
    }
    if ("on_error" in node && typeof node.on_error === "string")
      ways.push({ from: node.id, to: node.on_error, exit: { sort: "error" } });
  }
  return ways.filter(({ to }) => to !== "");
}

/** The handle of an exit on the canvas: `out`, `case:0`, `else`, `error`. */
export function handleOf(exit: Exit): string {
  switch (exit.sort) {
    case "edge":
      return "out";
    case "case":
      return `case:${exit.index}`;
    case "else":
    case "error":
      return exit.sort;
  }
}

/** The exit of a handle; null for a handle that ways do not leave by. */
export function exitOf(handle: string | null | undefined): Exit | null {
  if (handle === null || handle === undefined || handle === "out") return { sort: "edge" };
  if (handle === "else" || handle === "error") return { sort: handle };
  const index = /^case:(\d+)$/.exec(handle)?.[1];
  return index === undefined ? null : { sort: "case", index: Number(index) };
}

/** For every node those that certainly or possibly have ended before it, by the ways of one part. */
export function ancestorsOf(ways: readonly Pick<Way, "from" | "to">[]): Map<string, Set<string>> {
  const before = new Map<string, string[]>();
  for (const { from, to } of ways) before.set(to, [...(before.get(to) ?? []), from]);
  const all = new Map<string, Set<string>>();
  for (const id of before.keys()) {
    const found = new Set<string>();
    const open = [...(before.get(id) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...(before.get(next) ?? []));
    }
    all.set(id, found);
  }
  return all;
}

/** Whether ways lead from one node to another. */
export function leadsTo(ways: readonly Pick<Way, "from" | "to">[], from: string, to: string): boolean {
  const after = new Map<string, string[]>();
  for (const way of ways) {
    const known = after.get(way.from);
    if (known) known.push(way.to);
    else after.set(way.from, [way.to]);
  }
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(after.get(next) ?? []));
  }
  return false;
}
