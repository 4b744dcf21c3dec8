import type { Device } from "@/models";

/** `512 MiB`, `1.5 GiB`: binary units, as memory is sold and measured. */
export function formatMemory(mebibytes: number): string {
  if (mebibytes > 0 && mebibytes < 0.95) return "< 1 MiB";
  if (mebibytes < 1023.5) return `${Math.round(mebibytes)} MiB`;
  const gibibytes = mebibytes / 1024;
  return `${gibibytes.toFixed(gibibytes < 99.95 ? 1 : 0)} GiB`;
}

export interface MemoryShare {
  part: "models" | "other" | "free";
  mb: number;
  /** From 0 to 1; the shares of a device make 1. */
  share: number;
}

/** What holds a device's memory. Figures measured one after the other may not add up: the total is what they are cut to. */
export function sharesOf({ total_mb, used_mb, models_mb }: Device): MemoryShare[] {
  const total = Math.max(total_mb, 1);
  const within = (mb: number, limit: number) => Math.min(Math.max(mb, 0), limit);
  const models = within(models_mb, total);
  const other = within(used_mb - models, total - models);
  const free = total - models - other;
  return [
    { part: "models", mb: models, share: models / total },
    { part: "other", mb: other, share: other / total },
    { part: "free", mb: free, share: free / total },
  ];
}
