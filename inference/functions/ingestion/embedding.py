"""Passages into vectors, in batches that are each kept as soon as they are there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inference.functions.ingestion.work import Step
from inference.functions.reading import ChunkText
from inference.runner import embed

# What a kill costs at most, and what one ingestion has of the embedder before others have their turn.
BATCH = 64


async def embed_stored(step: Step) -> None:
    """Makes the vectors that the passages of a searchable document lack. Each batch is a transaction."""
    work, storage = step.work, step.ctx.storage
    missing = await storage.ingestions.unembedded(work.id)
    for begin in range(0, len(missing), BATCH):
        batch = missing[begin : begin + BATCH]
        vectors = await embed(step.ctx.runner, work.embedder, [text for _, text, _ in batch])
        async with storage.transaction() as transaction:
            await transaction.ingestions.put_vectors(work, [(key, v) for (key, _, _), v in zip(batch, halves(vectors), strict=True)])
        await step.tell((begin + len(batch)) / len(missing))


async def embed_aside(step: Step, chunks: Sequence[ChunkText]) -> None:
    """Makes the vectors of a newer content, in the run's scratch space: an object per batch."""
    order = by_length(chunks)
    for begin in range(0, len(order), BATCH):
        name = f"vectors/{begin:09d}"
        if await step.ctx.objects.find(step.run.scratch(name)) is None:
            texts = [chunks[index].text for index in order[begin : begin + BATCH]]
            vectors = await embed(step.ctx.runner, step.work.embedder, texts)
            await step.ctx.objects.put(step.run.scratch(name), b"".join(halves(vectors)))
        await step.tell(min(1.0, (begin + BATCH) / len(order)))


async def read_aside(step: Step, chunks: Sequence[ChunkText]) -> list[bytes]:
    """The vectors that `embed_aside` made, in the order of the passages."""
    order = by_length(chunks)
    vectors = [b""] * len(chunks)
    for begin in range(0, len(order), BATCH):
        indexes = order[begin : begin + BATCH]
        data = await step.ctx.objects.get(step.run.scratch(f"vectors/{begin:09d}"))
        width = len(data) // len(indexes)
        for at, index in enumerate(indexes):
            vectors[index] = data[at * width : (at + 1) * width]
    return vectors


def by_length(chunks: Sequence[ChunkText]) -> list[int]:
    """The order in which passages are embedded: those of like length together."""
    return sorted(range(len(chunks)), key=lambda index: chunks[index].token_count)


def halves(vectors: NDArray[np.float32]) -> list[bytes]:
    """Rows as the database takes them: big-endian float16."""
    return [row.tobytes() for row in vectors.astype(np.dtype(">f2"))]
