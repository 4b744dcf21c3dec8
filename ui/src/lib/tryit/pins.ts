/** Outputs of nodes that runs of the draft take as they are, kept in the toolchain's metadata. Pure. */
import { findNode, givesResult } from "@/lib/flow";
import { isObject, type JsonObject } from "@/lib/json";
import type { Toolchain } from "@/models";

const NONE: JsonObject = {};

/** The pinned outputs by node, as they are kept. */
export function pinsOf({ metadata }: Pick<Toolchain, "metadata">): JsonObject {
  const pinned = metadata?.["pinned"];
  return isObject(pinned) ? pinned : NONE;
}

/** The pins that a run may be given: those of nodes that are there and can be pinned. */
export function validPins(toolchain: Toolchain): JsonObject {
  const pins = Object.entries(pinsOf(toolchain)).filter(([id]) => {
    const node = findNode(toolchain, id);
    return node !== null && givesResult(node);
  });
  return Object.fromEntries(pins);
}

/** A toolchain as it stands, for a run of it: what a fork is given in the place of what was run. */
export function asDraft(toolchain: Toolchain) {
  return { draft: { ...toolchain }, pinned: validPins(toolchain) };
}

/** The toolchain with a node's output pinned; undefined takes the pin away. */
export function withPin(toolchain: Toolchain, id: string, output: unknown): Toolchain {
  const pinned = { ...pinsOf(toolchain) };
  if (output === undefined) Reflect.deleteProperty(pinned, id);
  else pinned[id] = output;
  const metadata = { ...toolchain.metadata, pinned };
  if (Object.keys(pinned).length === 0) Reflect.deleteProperty(metadata, "pinned");
  return { ...toolchain, metadata };
}
