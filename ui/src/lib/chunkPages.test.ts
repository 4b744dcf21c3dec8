import { describe, expect, it } from "vitest";
import type { Chunk } from "@/models";
import { boundariesOn, chunksOfPage, type ReadChunks } from "./chunkPages";

function chunk(ordinal: number, page: number, page_end = page, start = 0): Chunk {
  const id = String(ordinal);
  const rest = { document_id: "d", document_name: "d", text: id, token_count: 9, headings: [] };
  return { ...rest, chunk_id: id, ordinal, page, page_end, start, end: start + 10 };
}

/** A reader over some chunks, 50 at a time, that counts its reads. */
function reader(all: Chunk[]): { read: ReadChunks; reads: () => number } {
  let reads = 0;
  const read: ReadChunks = (after) => {
    reads += 1;
    const chunks = all.filter(({ ordinal }) => ordinal > after).slice(0, 50);
    const last = chunks.at(-1)?.ordinal ?? 0;
    return Promise.resolve({ chunks, next_after: last < all.length - 1 ? last : null });
  };
  return { read, reads: () => reads };
}

async function ordinals(all: Chunk[], page: number, pages: number): Promise<number[]> {
  const found = await chunksOfPage(reader(all).read, page, { pages, chunks: all.length });
  return found.map(({ ordinal }) => ordinal);
}

describe("chunksOfPage", () => {
  const even = Array.from({ length: 3000 }, (_, i) => chunk(i, Math.floor(i / 3) + 1));
  it.each([1, 2, 500, 999, 1000])("finds those of page %i", async (page) =>
    expect(await ordinals(even, page, 1000)).toEqual([page * 3 - 3, page * 3 - 2, page * 3 - 1]),
  );
  it("needs a few reads", async () => {
    const { read, reads } = reader(even);
    await chunksOfPage(read, 700, { pages: 1000, chunks: 3000 });
    expect(reads()).toBeLessThan(3);
  });
  it("finds them in a document whose pages are unlike", async () => {
    // One dense page in the middle of thin ones.
    const uneven = [
      ...Array.from({ length: 300 }, (_, i) => chunk(i, i + 1)),
      ...Array.from({ length: 900 }, (_, i) => chunk(300 + i, 301)),
      ...Array.from({ length: 99 }, (_, i) => chunk(1200 + i, 302 + i)),
    ];
    expect(await ordinals(uneven, 20, 400)).toEqual([19]);
    expect(await ordinals(uneven, 300, 400)).toEqual([299]);
    expect(await ordinals(uneven, 301, 400)).toHaveLength(900);
    expect(await ordinals(uneven, 400, 400)).toEqual([1298]);
  });
  it("counts one that goes over the page's end", async () =>
    expect(await ordinals([chunk(0, 1), chunk(1, 1, 3), chunk(2, 3)], 2, 3)).toEqual([1]));
  it("finds none on an empty page, beyond the end and in an empty document", async () => {
    expect(await ordinals([chunk(0, 1), chunk(1, 3)], 2, 3)).toEqual([]);
    expect(await ordinals(even, 1001, 1000)).toEqual([]);
    expect(await ordinals([], 1, 1)).toEqual([]);
  });
});

it("knows where the chunks of a page begin", () => {
  const chunks = [chunk(0, 1, 2, 40), chunk(1, 2, 2, 15), chunk(2, 3)];
  expect(boundariesOn(2, chunks).map(({ offset, chunk: { ordinal } }) => [offset, ordinal])).toEqual([
    [0, 0],
    [15, 1],
  ]);
});
