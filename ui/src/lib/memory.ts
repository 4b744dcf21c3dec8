import type { Device, MemoryPoint } from "@/models";

/** `512 MiB`, `1.5 GiB`: binary units, as memory is sold and measured. */
export function formatMemory(mebibytes: number): string {
  if (mebibytes > 0 && mebibytes < 0.95) return "< 1 MiB";
  if (mebibytes < 1023.5) return `${Math.round(mebibytes)} MiB`;
  const gibibytes = mebibytes / 1024;
  return `${gibibytes.toFixed(gibibytes < 99.95 ? 1 : 0)} GiB`;
}

export interface MemoryShare {
  part: "models" | "planned" | "other" | "free";
  mb: number;
  /** From 0 to 1; the shares of a device make 1. */
  share: number;
}

/**
 * What holds a device's memory, and what of it loads under way will take. Figures measured one after the other may not
 * add up: the total is what they are cut to.
 */
export function sharesOf({ total_mb, used_mb, models_mb, planned_mb = 0 }: Device): MemoryShare[] {
  const total = Math.max(total_mb, 1);
  const within = (mb: number, limit: number) => Math.min(Math.max(mb, 0), limit);
  const models = within(models_mb, total);
  const other = within(used_mb - models, total - models);
  const planned = within(planned_mb, total - models - other);
  const parts: [MemoryShare["part"], number][] = [
    ["models", models],
    ["planned", planned],
    ["other", other],
    ["free", total - models - planned - other],
  ];
  return parts.map(([part, mb]) => ({ part, mb, share: mb / total }));
}

/** A device's memory over the last hour as two polygons' points in a box of 1 by 1, from the left: all of it in use, and models. */
export function historyOf(
  points: readonly MemoryPoint[],
  { id, total_mb }: Device,
  now: number,
): { used: string; models: string } | null {
  const hour = 3_600_000;
  const own = points.filter(({ device }) => device === id);
  if (own.length < 2) return null;
  const places = own.map(({ at, used_mb, models_mb }) => ({
    x: Math.min(Math.max(1 - (now - Date.parse(at)) / hour, 0), 1),
    used: heightOf(used_mb, total_mb),
    models: heightOf(Math.min(models_mb, used_mb), total_mb),
  }));
  return {
    used: polygon(places.map(({ x, used }) => [x, used])),
    models: polygon(places.map(({ x, models }) => [x, models])),
  };
}

function heightOf(mb: number, total: number): number {
  return Math.min(Math.max(mb / Math.max(total, 1), 0), 1);
}

function polygon(points: [x: number, height: number][]): string {
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const line = points.map(([x, height]) => `${x.toFixed(4)},${(1 - height).toFixed(4)}`);
  return [`${first.toFixed(4)},1`, ...line, `${last.toFixed(4)},1`].join(" ");
}
