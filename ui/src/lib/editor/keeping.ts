/** What the editor keeps in a toolchain's metadata: where nodes stand, and notes. Whoever wrote it may be a stranger. Pure. */
import { isObject, type JsonObject } from "@/lib/json";
import type { Point } from "@/lib/layout";
import type { Toolchain } from "@/models";

export const TONES = ["yellow", "blue", "green", "red", "gray"] as const;
export type Tone = (typeof TONES)[number];

export interface Note {
  id: string;
  text: string;
  tone: Tone;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Kept {
  /** The upper left corner of a node, within what holds it. */
  places: ReadonlyMap<string, Point>;
  notes: readonly Note[];
}

// Further out than this nobody finds a node again.
const FURTHEST = 200_000;
const MOST_NOTES = 500;
export const LONGEST_NOTE = 4000;

const read = new WeakMap<object, Kept>();

export function keptOf({ metadata }: Pick<Toolchain, "metadata">): Kept {
  const editor = metadata?.["editor"];
  if (!isObject(editor)) return { places: new Map(), notes: [] };
  let kept = read.get(editor);
  if (!kept) {
    kept = { places: readPlaces(editor["places"]), notes: readNotes(editor["notes"]) };
    read.set(editor, kept);
  }
  return kept;
}

export function withKept(toolchain: Toolchain, kept: Kept): Toolchain {
  const places = Object.fromEntries([...kept.places].map(([id, { x, y }]) => [id, [Math.round(x), Math.round(y)]]));
  const editor: JsonObject = { places, ...(kept.notes.length > 0 ? { notes: kept.notes } : {}) };
  return { ...toolchain, metadata: { ...toolchain.metadata, editor } };
}

function readPlaces(given: unknown): Map<string, Point> {
  const places = new Map<string, Point>();
  if (!isObject(given)) return places;
  for (const [id, place] of Object.entries(given)) {
    const [x, y] = Array.isArray(place) ? (place as unknown[]) : [];
    if (isCoordinate(x) && isCoordinate(y)) places.set(id, { x, y });
  }
  return places;
}

function readNotes(given: unknown): Note[] {
  const notes = Array.isArray(given) ? given.slice(0, MOST_NOTES).flatMap(readNote) : [];
  const seen = new Set<string>();
  return notes.filter(({ id }) => !seen.has(id) && seen.add(id));
}

function readNote(given: unknown): Note[] {
  if (!isObject(given)) return [];
  const { id, text, tone, x, y, width, height } = given;
  if (typeof id !== "string" || typeof text !== "string" || !isCoordinate(x) || !isCoordinate(y)) return [];
  return [
    {
      id,
      text: text.slice(0, LONGEST_NOTE),
      tone: TONES.find((known) => known === tone) ?? "yellow",
      x,
      y,
      width: sizeWithin(width, 120, 1200, 220),
      height: sizeWithin(height, 60, 1200, 120),
    },
  ];
}

function isCoordinate(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= FURTHEST;
}

function sizeWithin(value: unknown, least: number, most: number, usual: number): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
}
