const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];

/** 1: as wide as the room there is. */
export const FIT = 1;

/** The next step in or out; null at the end. */
export function nextZoom(zoom: number, direction: "in" | "out"): number | null {
  const steps =
    direction === "in" ? STEPS.filter((step) => step > zoom) : STEPS.filter((step) => step < zoom).reverse();
  return steps[0] ?? null;
}
