"""Whose turn it is: a document that was read does not wait for others to be read; batches wait for all words."""

from __future__ import annotations

import asyncio

from inference.functions.ingestion.turns import Turns


async def test_what_was_read_is_indexed_while_others_wait_to_be_read() -> None:
    turns, gate = Turns(), asyncio.Event()

    async def read() -> None:
        async with turns.reading():
            await gate.wait()

    readers = [asyncio.create_task(read()) for _ in range(20)]
    await asyncio.sleep(0)
    async with turns.indexing():
        assert not any(reader.done() for reader in readers)
    gate.set()
    await asyncio.gather(*readers)


async def test_a_batch_waits_until_no_document_waits_for_its_words() -> None:
    turns, read, index = Turns(), asyncio.Event(), asyncio.Event()

    async def bring() -> None:
        async with turns.reading():
            await read.wait()
        async with turns.indexing():
            await index.wait()

    bringing = asyncio.create_task(bring())
    await asyncio.sleep(0)
    batch = asyncio.create_task(turns.words_first())
    for gate in (read, index):
        for _ in range(10):
            await asyncio.sleep(0)
        assert not batch.done()
        gate.set()
    await asyncio.gather(bringing, batch)
