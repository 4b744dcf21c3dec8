"""Pages and passages, as they are cut and as they are stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import TypeAdapter

from db import DocumentWork, NewChunk, NewPage
from inference.errors import UnreadableDocument
from inference.functions.context import Context
from inference.functions.identifiers import new_id
from inference.functions.ingestion.parsing import read_content
from inference.functions.ingestion.work import Step
from inference.functions.reading import ChunkText, ReadDocument, chunk_document, pack_lines
from inference.models.collections import Chunking
from inference.runner import Embedder, embedder_of, token_counter

# The special tokens that an embedder puts around a text, and what a prefix of a few words takes.
_NOT_TEXT = 2


@dataclass(frozen=True, slots=True)
class Cut:
    """A document's pages and passages."""

    document: ReadDocument
    chunks: list[ChunkText]

    def pages(self) -> list[NewPage]:
        """The pages to be stored."""
        return [NewPage(p.number, p.text, p.width, p.height, pack_lines(p.lines)) for p in self.document.pages]

    def rows(self) -> list[NewChunk]:
        """The passages to be stored, each with an id of its own."""
        return [
            NewChunk(
                uid=new_id(),
                ordinal=chunk.ordinal,
                page=chunk.page,
                start=chunk.start,
                page_end=chunk.page_end,
                end=chunk.end,
                token_count=chunk.token_count,
                headings=list(chunk.headings),
                text=chunk.text,
            )
            for chunk in self.chunks
        ]


_chunks = TypeAdapter(list[ChunkText])


async def cut_afresh(step: Step) -> Cut:
    """A document as its collection wants it cut. Raises UnreadableDocument when there is no text."""
    document = await read_content(step.ctx, step.work, step.tell)
    return Cut(document, await _cut(step.ctx, step.work, document))


async def cut_document(step: Step) -> Cut:
    """The same for what is built aside. It is kept in the run's scratch space, so that every step sees the same, until
    the collection wants it otherwise."""
    work, objects = step.work, step.ctx.objects
    document = await read_content(step.ctx, work, step.tell)
    place = step.run.scratch(f"chunks/{work.uid}/{work.generation}.json")
    kept = await objects.find(place)
    if kept is not None:
        return Cut(document, await asyncio.to_thread(_chunks.validate_json, kept))
    chunks = await _cut(step.ctx, work, document)
    await objects.put(place, await asyncio.to_thread(_chunks.dump_json, chunks))
    return Cut(document, chunks)


def room_of(embedder: Embedder) -> int:
    """The most tokens of a passage's text that an embedder takes."""
    return embedder.max_tokens - _NOT_TEXT


async def _cut(ctx: Context, work: DocumentWork, document: ReadDocument) -> list[ChunkText]:
    embedder = await embedder_of(ctx.runner, work.next_embedder or work.embedder)
    chunking, counter = Chunking.model_validate(work.chunking), token_counter(embedder)
    chunks = await asyncio.to_thread(chunk_document, document, counter, chunking, most=room_of(embedder))
    if not chunks:
        raise UnreadableDocument(f"{work.name!r} holds no text that could be searched.")
    return chunks
