import type { Collection } from "@/models";
import { plural } from "./format";

/** Ids of collections that were chosen: those that are there, and those that are deleted or never were. */
export interface Picked {
  there: string[];
  gone: string[];
}

/** @param known all collections; undefined while they are not known: nothing is said to be gone then */
export function pickedOf(ids: readonly string[], known: readonly Pick<Collection, "id">[] | undefined): Picked {
  const all = known && new Set(known.map(({ id }) => id));
  return {
    there: ids.filter((id) => !all || all.has(id)),
    gone: ids.filter((id) => all && !all.has(id)),
  };
}

/** A choice of collections in a few words; none is all. */
export function pickedInWords(
  ids: readonly string[],
  known: readonly Pick<Collection, "id" | "name">[] | undefined,
): string {
  if (ids.length === 0) return "All collections";
  const { there, gone } = pickedOf(ids, known);
  const only = there.length === 1 ? known?.find(({ id }) => id === there[0])?.name : undefined;
  const words = only ?? plural(there.length, "collection");
  if (gone.length === 0) return words;
  return there.length === 0 ? plural(gone.length, "missing collection") : `${gone.length} missing, ${words}`;
}
