/** Those of the things whose texts hold every word of the search, in any case and with or without accents. */
export function matching<T>(things: readonly T[], search: string, textsOf: (thing: T) => readonly string[]): T[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  return things.filter((thing) => {
    const text = plain(textsOf(thing).join("\n"));
    return words.every((word) => text.includes(word));
  });
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
