import type { Chunk, DocumentChunks } from "@/models";

/** Reads a document's chunks behind an ordinal. */
export type ReadChunks = (after: number) => Promise<Pick<DocumentChunks, "chunks" | "next_after">>;

/**
 * The chunks that stand on a page, in order. The server gives chunks by their ordinals: where the page's begin is guessed
 * from its place in the document, then looked for with growing steps, so that a page in the middle of a thick book costs a
 * few reads.
 */
export async function chunksOfPage(
  read: ReadChunks,
  page: number,
  of: { pages: number; chunks: number },
): Promise<Chunk[]> {
  // The page's first chunk has an ordinal from `low` to `high`.
  let low = 0;
  let high = Math.max(0, of.chunks - 1);
  let start = Math.floor(((page - 1) / Math.max(1, of.pages)) * of.chunks) - 2;
  let step = 32;
  for (;;) {
    start = Math.max(low, Math.min(start, high));
    const { chunks, next_after: next } = await read(start - 1);
    const first = chunks[0];
    const last = chunks.at(-1);
    if (first && first.page_end >= page && start > low) {
      high = start - 1;
      start -= step;
    } else if (last && last.page_end < page && typeof next === "number" && last.ordinal < high) {
      low = last.ordinal + 1;
      start = low + step;
    } else return onwards(read, page, chunks, next ?? null);
    step *= 2;
  }
}

async function onwards(read: ReadChunks, page: number, first: Chunk[], next: number | null): Promise<Chunk[]> {
  const found = [...first];
  while (next !== null && (found.at(-1)?.page ?? 0) <= page) {
    const { chunks, next_after: following } = await read(next);
    found.push(...chunks);
    next = following ?? null;
  }
  return found.filter((chunk) => chunk.page <= page && chunk.page_end >= page);
}

/** Where chunks begin in a page's text, in code points; one that comes from the page before begins at 0. */
export function boundariesOn(page: number, chunks: readonly Chunk[]): { offset: number; chunk: Chunk }[] {
  return chunks
    .filter((chunk) => chunk.page <= page && chunk.page_end >= page)
    .map((chunk) => ({ offset: chunk.page === page ? chunk.start : 0, chunk }))
    .sort((a, b) => a.offset - b.offset || a.chunk.ordinal - b.chunk.ordinal);
}
