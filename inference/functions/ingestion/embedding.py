"""Passages into vectors, in batches that are each kept as soon as they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db import DocumentWork, NewChunk, StoredText
from inference.errors import Conflict, NotFound
from inference.functions.context import Context
from inference.functions.identifiers import no_such
from inference.functions.ingestion.turns import turns
from inference.functions.ingestion.work import Step
from inference.runner import embed, embedder_of

# What a kill costs at most.
BATCH = 128
_LOOKED_AT_ONCE = 1024

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Target:
    """A model whose vectors a document is to have: its name, and its number in the database."""

    name: str
    id: int


async def targets_of(ctx: Context, work: DocumentWork) -> list[Target]:
    """The model of the document's collection, and the one that a reindexing changes it to. Raises Conflict when the
    model gives vectors of another length than it did."""
    following = [await target_of(ctx, work.next_embedder)] if work.next_embedder else []
    try:
        current = await target_of(ctx, work.embedder)
        model = await embedder_of(ctx.runner, work.embedder)
    except NotFound:
        if following:
            return following
        raise
    if work.embedder_id is None:
        return list(dict.fromkeys([current, *following]))
    if work.dimensions == model.dimensions:
        return list(dict.fromkeys([Target(work.embedder, work.embedder_id), *following]))
    if following:
        return following
    raise Conflict(
        f"{work.embedder!r} makes vectors of {model.dimensions} numbers by now; those of the collection have "
        f"{work.dimensions}. Call reindex_collection."
    )


async def target_of(ctx: Context, name: str) -> Target:
    """A model as it is now. Raises NotFound and InvalidInput as `embedder_of`."""
    model = await embedder_of(ctx.runner, name)
    return Target(name, await ctx.storage.vectors.embedder(model.id, model.dimensions, model.fingerprint))


async def embed_stored(step: Step) -> None:
    """Makes the vectors that the passages of a searchable document lack. Each batch is a transaction."""
    for target in await targets_of(step.ctx, step.work):
        await embed_document_for(step, target)


async def embed_document_for(step: Step, target: Target) -> None:
    """The same for one model."""
    work, storage, done = step.work, step.ctx.storage, 0
    while missing := await storage.ingestions.unembedded(work.id, target.id, _LOOKED_AT_ONCE):
        known = await storage.vectors.known(work.user_id, target.id, [text.text_hash for text in missing])
        alike = [text for text in missing if text.text_hash in known]
        if alike:
            await _store(step, target, alike, np.stack([known[text.text_hash] for text in alike]))
        others = [text for text in missing if text.text_hash not in known]
        done += len(alike)
        for begin in range(0, len(others), BATCH):
            batch = others[begin : begin + BATCH]
            await _store(step, target, batch, await _vectors(step, target, [text.text for text in batch]))
            done += len(batch)
            await step.tell(done / (done + len(others) - begin - len(batch)))
    if done:
        await storage.vectors.settle(work.collection_id, target.id)


async def _store(
    step: Step, target: Target, texts: Sequence[StoredText], vectors: NDArray[np.float32] | Halves
) -> None:
    async with step.ctx.storage.transaction() as transaction:
        # Another process may have the same document in hand, when this one had been given up.
        if not await transaction.ingestions.hold(step.work.id):
            raise no_such("document", str(step.work.uid), "document_id")
        lacking = await transaction.ingestions.lacking([text.id for text in texts], target.id)
        rows = [at for at, text in enumerate(texts) if text.id in lacking]
        ids = [texts[at].id for at in rows]
        if ids:
            await transaction.vectors.add(target.id, step.work.collection_id, ids, vectors[rows])


async def embed_aside(step: Step, chunks: Sequence[NewChunk]) -> None:
    """Makes the vectors of a newer content, in the run's scratch space: an object per batch."""
    for target in await targets_of(step.ctx, step.work):
        hashes = [chunk.text_hash for chunk in chunks]
        known = await step.ctx.storage.vectors.known(step.work.user_id, target.id, hashes)
        for begin, indexes in _batches(chunks):
            place = _place(step, target, begin)
            if await step.ctx.objects.find(place) is None:
                await step.ctx.objects.put(place, await _aside(step, target, [chunks[i] for i in indexes], known))
            await step.tell(min(1.0, (begin + BATCH) / len(chunks)))


async def _aside(step: Step, target: Target, chunks: Sequence[NewChunk], known: Mapping[bytes, Halves]) -> bytes:
    new = [chunk for chunk in chunks if chunk.text_hash not in known]
    made: dict[bytes, Halves] = dict(known)
    if new:
        vectors = (await _vectors(step, target, [chunk.text for chunk in new])).astype(np.float16)
        made |= {chunk.text_hash: vector for chunk, vector in zip(new, vectors, strict=True)}
    return np.stack([made[chunk.text_hash] for chunk in chunks]).tobytes()


async def read_aside(step: Step, target: Target, chunks: Sequence[NewChunk]) -> Halves:
    """The vectors that `embed_aside` made, (passages, dimensions), in the order of the passages."""
    order: list[int] = []
    parts: list[bytes] = []
    for begin, indexes in _batches(chunks):
        parts.append(await step.ctx.objects.get(_place(step, target, begin)))
        order += indexes
    made = np.frombuffer(b"".join(parts), np.float16).reshape(len(chunks), -1)
    vectors = np.empty_like(made)
    vectors[order] = made
    return vectors


def _batches(chunks: Sequence[NewChunk]) -> list[tuple[int, list[int]]]:
    """The passages by their places, those of like length together, each batch with the number that it begins with."""
    order = sorted(range(len(chunks)), key=lambda index: chunks[index].token_count)
    return [(begin, order[begin : begin + BATCH]) for begin in range(0, len(order), BATCH)]


def _place(step: Step, target: Target, begin: int) -> str:
    return step.run.scratch(f"vectors/{step.work.uid}/{step.work.generation}/{target.id}/{begin:09d}")


async def _vectors(step: Step, target: Target, texts: list[str]) -> NDArray[np.float32]:
    await turns().words_first()
    return await embed(step.ctx.runner, target.name, texts, caller=step.run.run_id, background=True)
