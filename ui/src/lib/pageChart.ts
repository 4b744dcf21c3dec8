/** The geometry of a page's chart: numbers of rows as places in a box of 0 to 1. Pure. */
import { isObject } from "./json";
import { asText, lookUp } from "./pageValues";

const MOST_PLACES = 200;
const LONGEST_LABEL = 40;
const STEPS = [1, 2, 2.5, 5, 10];

export interface ChartView {
  /** What is under each place. */
  labels: string[];
  series: { name: string; values: (number | null)[] }[];
  /** Rounded numbers at the side, from the least to the greatest. */
  ticks: number[];
}

/** @param given a list of objects or of numbers @param x the field under each place; empty: its number */
export function chartOf(given: unknown, x: string, y: readonly string[]): ChartView {
  const rows: unknown[] = Array.isArray(given) ? given.slice(0, MOST_PLACES) : [];
  const series = y.map((field) => ({ name: field, values: rows.map((row) => numberAt(row, field)) }));
  const numbers = series.flatMap(({ values }) => values).filter((value) => value !== null);
  return {
    labels: rows.map((row, index) => (x === "" ? `${index + 1}` : asText(lookUp(x, row)).slice(0, LONGEST_LABEL))),
    series,
    ticks: ticksOf(Math.min(0, ...numbers), Math.max(0, ...numbers)),
  };
}

function numberAt(row: unknown, field: string): number | null {
  const value = isObject(row) || Array.isArray(row) ? lookUp(field, row) : row;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Round numbers from below the least to above the greatest, about four of them. */
export function ticksOf(least: number, greatest: number): number[] {
  const span = greatest - least || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(greatest / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Where a number lies between the ticks: 0 at the least, 1 at the greatest. */
export function heightOf(value: number, ticks: readonly number[]): number {
  const [least = 0] = ticks;
  const greatest = ticks.at(-1) ?? 1;
  return (value - least) / (greatest - least || 1);
}
