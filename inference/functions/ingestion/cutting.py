"""Pages and passages, as they are cut and as they are stored."""

from __future__ import annotations

import asyncio

from pydantic import TypeAdapter

from db import DocumentWork, NewChunk, NewPage
from inference.errors import UnreadableDocument
from inference.functions.context import Context
from inference.functions.identifiers import new_id
from inference.functions.reading import ChunkText, ReadDocument, chunk_document
from inference.runner import token_counter

chunks_of = TypeAdapter(list[ChunkText])


async def cut(ctx: Context, work: DocumentWork, document: ReadDocument) -> list[ChunkText]:
    """A document's passages as its collection wants them, none longer than its embedder takes. Raises
    UnreadableDocument when there are none."""
    chunks = await asyncio.to_thread(chunk_document, document, token_counter(work.embedder))
    if not chunks:
        raise UnreadableDocument(f"{work.name!r} holds no text that could be searched.")
    return chunks


def page_rows(document: ReadDocument) -> list[NewPage]:
    """Pages to be stored."""
    return [NewPage(page.number, page.text) for page in document.pages]


def chunk_rows(chunks: list[ChunkText]) -> list[NewChunk]:
    """Passages to be stored, each with an id of its own."""
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
        for chunk in chunks
    ]
