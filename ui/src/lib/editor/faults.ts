/** Which node, way or field each fault of a toolchain is about. Pure. */
import { isObject } from "@/lib/json";
import type { Body, Fault, Node, Toolchain } from "@/models";
import { lineId } from "./canvas";
import { type Container, edgesOfBody, isHolder } from "./tree";

export interface PlacedFault {
  /** As the server names it. */
  path: string;
  message: string;
  /** The node that it is about, the innermost one; null: the toolchain itself. */
  node: string | null;
  /** The line on the canvas that it is about. */
  line: string | null;
  /** The field within the node, or within the toolchain: `input.query`, `cases[0].when`. */
  field: string;
}

export function placedFaults(toolchain: Toolchain, faults: readonly Fault[]): PlacedFault[] {
  return faults.map((fault) => placeOf(toolchain, fault));
}

function placeOf(toolchain: Toolchain, { path, message }: Fault): PlacedFault {
  let part: Pick<Body, "nodes" | "edges"> = toolchain;
  let container: Container = null;
  let node: Node | null = null;
  let rest = path;
  for (let found = /^(?:body\.)?nodes\[(\d+)\]\.?/.exec(rest); found; found = /^body\.nodes\[(\d+)\]\.?/.exec(rest)) {
    const inner: Node | undefined = part.nodes[Number(found[1])];
    if (!inner) break;
    if (node) container = node.id;
    node = inner;
    rest = rest.slice(found[0].length);
    if (!isHolder(inner)) break;
    part = inner.body;
  }
  const onEdge = /^(?:body\.)?edges\[(\d+)\]/.exec(rest);
  if (onEdge) {
    const holder = node && isHolder(node) ? node : null;
    const edge = (holder ? edgesOfBody(holder.body) : toolchain.edges)[Number(onEdge[1])];
    const within = holder?.id ?? null;
    const line = edge ? lineId({ ...edge, exit: { sort: "edge" } }, within) : null;
    return { path, message, node: holder?.id ?? null, line, field: rest };
  }
  return { path, message, node: node?.id ?? null, line: node ? wayOf(node, rest, container) : null, field: rest };
}

/** The way out of a node that a fault of one of its own targets is about. */
function wayOf(node: Node, field: string, container: Container): string | null {
  if (node.kind === "branch") {
    const index = Number(/^cases\[(\d+)\]\.to$/.exec(field)?.[1] ?? NaN);
    const to = node.cases[index]?.to;
    if (to !== undefined) return lineId({ from: node.id, to, exit: { sort: "case", index } }, container);
    if (field === "else") return lineId({ from: node.id, to: node.else, exit: { sort: "else" } }, container);
  }
  if (field === "on_error" && isObject(node) && typeof node["on_error"] === "string")
    return lineId({ from: node.id, to: node["on_error"], exit: { sort: "error" } }, container);
  return null;
}

/** The faults of each node, and of each line, by id. */
export function indexed(placed: readonly PlacedFault[]): ReadonlyMap<string, readonly PlacedFault[]> {
  const index = new Map<string, PlacedFault[]>();
  for (const fault of placed)
    for (const id of [fault.node, fault.line]) if (id !== null) index.set(id, [...(index.get(id) ?? []), fault]);
  return index;
}

/** The faults of a field, and of what is within it. */
export function faultsAt(faults: readonly PlacedFault[], field: string): PlacedFault[] {
  return faults.filter(({ field: at }) => at === field || at.startsWith(`${field}.`) || at.startsWith(`${field}[`));
}
