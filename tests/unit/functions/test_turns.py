"""Whose turn it is: a document that was read does not wait for others to be read; batches wait for all words."""

from __future__ import annotations

import asyncio

import pytest

from inference.functions.ingestion.turns import Turns, Who

ANN, BOB = Who(1, 0), Who(2, 0)


async def test_what_was_read_is_indexed_while_others_wait_to_be_read() -> None:
    turns, gate = Turns(), asyncio.Event()

    async def read() -> None:
        async with turns.reading(ANN):
            await gate.wait()

    readers = [asyncio.create_task(read()) for _ in range(20)]
    await asyncio.sleep(0)
    async with turns.indexing(ANN):
        assert not any(reader.done() for reader in readers)
    gate.set()
    await asyncio.gather(*readers)


async def test_a_batch_waits_until_no_document_waits_for_its_words() -> None:
    turns, read, index = Turns(), asyncio.Event(), asyncio.Event()

    async def bring() -> None:
        async with turns.reading(ANN):
            await read.wait()
        async with turns.indexing(ANN):
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


async def test_nobody_waits_for_all_that_another_has_brought() -> None:
    turns, gate, read = Turns(), asyncio.Event(), list[str]()

    async def bring(name: str, who: Who) -> None:
        async with turns.reading(who):
            read.append(name)
            if who.user == BOB.user:
                await gate.wait()

    bobs = [asyncio.create_task(bring(f"bob {n}", BOB)) for n in range(9)]
    await asyncio.sleep(0)
    assert read == ["bob 0", "bob 1"]
    await bring("ann", ANN)
    # What is more urgent than all that is at work does not wait for the same user's either.
    urgent = asyncio.create_task(bring("urgent", Who(BOB.user, 5)))
    await asyncio.sleep(0)
    assert read[2:] == ["ann", "urgent"]
    gate.set()
    await asyncio.gather(*bobs, urgent)
    assert read[4:] == [f"bob {n}" for n in range(2, 9)]


async def test_who_gives_up_waiting_keeps_no_turn() -> None:
    turns, gate = Turns(), asyncio.Event()

    async def hold() -> None:
        async with turns.reading(ANN):
            await gate.wait()

    holding = [asyncio.create_task(hold()) for _ in range(2)]
    waiting = [asyncio.create_task(hold()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in (*holding, *waiting[:2]):
        task.cancel()
    for task in (*holding, *waiting[:2]):
        with pytest.raises(asyncio.CancelledError):
            await task
    gate.set()
    await waiting[2]
    async with asyncio.timeout(5), turns.reading(BOB), turns.reading(BOB):
        pass


async def test_meaning_does_not_wait_for_words_that_do_not_get_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.functions.ingestion.turns._STANDSTILL_SECONDS", 0.0)
    turns, gate = Turns(), asyncio.Event()

    async def scan() -> None:
        async with turns.reading(ANN):
            await gate.wait()

    scanning = asyncio.create_task(scan())
    await asyncio.sleep(0)
    await turns.words_first()
    assert not scanning.done()
    gate.set()
    await scanning
