/** Two who changed one toolchain, put together. Pure. */
import { sameJson } from "@/lib/json";
import type { Toolchain } from "@/models";

/** What makes sense only together: half of one workflow in half of another is neither's. */
const WORKFLOW: ReadonlySet<string> = new Set(["input", "state", "nodes", "edges", "output", "stream"]);

/**
 * What both changed: each part of the toolchain (its workflow, its page, its title) from whoever changed it.
 * @param base the version that both began at
 * @returns null where both changed the same part, each in their own way
 */
export function together(base: Toolchain, mine: Toolchain, theirs: Toolchain): Toolchain | null {
  const parts = new Map<string, string[]>();
  for (const field of new Set([base, mine, theirs].flatMap((one) => Object.keys(one)))) {
    const part = WORKFLOW.has(field) ? "workflow" : field;
    parts.set(part, [...(parts.get(part) ?? []), field]);
  }
  const chosen: Partial<Toolchain> = {};
  for (const fields of parts.values()) {
    const differ = (a: Toolchain, b: Toolchain) => !sameJson(only(a, fields), only(b, fields));
    if (differ(mine, base) && differ(theirs, base) && differ(mine, theirs)) return null;
    Object.assign(chosen, only(differ(mine, base) ? mine : theirs, fields));
  }
  return chosen as Toolchain;
}

/** These fields, as far as they say something. */
function only(toolchain: Toolchain, fields: readonly string[]): Partial<Toolchain> {
  const kept = Object.entries(toolchain).filter(([field, value]) => fields.includes(field) && value !== null);
  return Object.fromEntries(kept);
}
