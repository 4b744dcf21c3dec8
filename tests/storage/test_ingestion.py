"""Documents are searchable by words first; whatever interrupts an ingestion, nothing is missing or there twice."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db import DatabaseUnreachable, ObjectStoreFull, open_objects
from inference.functions.ingestion import embedding, parsing, steps, work
from tests.storage.bench import Bench, changed
from tests.storage.counting import fall_silent
from tests.storage.ingesting import (
    Hanging,
    call,
    carried,
    document,
    found,
    ingest,
    intact,
    new_collection,
    text_of,
    upload,
    zipped,
)


async def test_words_come_first(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(2)
    collection = await new_collection(bench)
    uploaded = await upload(bench, collection, "weirs.md", text_of("weir", 300))
    assert (await document(bench, uploaded.document_id)).searchable_by == []
    bench.engine.start(UUID(uploaded.run_id))
    await hanging.reached()
    half = await document(bench, uploaded.document_id)
    assert (half.status, half.searchable_by, half.page_count) == ("indexing", ["words"], 1)
    assert half.chunk_count >= 300
    assert len(await found(bench, collection, "weir299")) == 1
    assert (await call(bench, "fetch_document_chunks", document_id=half.id)).chunks
    assert half.stage == "embedding"


async def test_words_of_those_without_a_turn_come_before_vectors(bench: Bench) -> None:
    collection = await new_collection(bench)
    first, *others = [await upload(bench, collection, f"{n}.md", text_of(f"weir{n}x", 2)) for n in range(3)]
    await bench.storage.pool.execute("UPDATE runs SET concurrency = 1")
    paused = await carried(bench, first)
    assert (paused.status, paused.searchable_by) == ("indexing", ["words"])
    # The last one finds nobody who has not begun.
    assert [(await carried(bench, each)).status for each in others] == ["indexing", "complete"]
    waiting = {UUID(first.run_id), UUID(others[0].run_id)}
    while waiting:
        for uid in await bench.storage.runs.wake_due():
            await bench.engine.carry(uid)
            waiting.discard(uid)
        await asyncio.sleep(0.05)
    for each in (first, *others):
        await intact(bench, each.document_id)


FREEZES: dict[str, tuple[Any, str, int, bool]] = {
    "before it is read": (parsing, "read_isolated", 1, False),
    "when it is read": (parsing, "read_isolated", 1, True),
    "before the words": (steps, "cut_afresh", 1, False),
    "between words and vectors": (steps, "embed_stored", 1, False),
    "in the middle of embedding": (embedding, "embed", 2, False),
    "when all vectors are there": (steps, "embed_stored", 1, True),
    "before it is complete": (steps, "embed_stored", 2, True),
}


@pytest.mark.parametrize("where", FREEZES)
async def test_another_process_completes_what_one_began(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    module, name, number, after = FREEZES[where]
    hanging = Hanging(monkeypatch, module, name)
    hanging.at(number, after=after)
    collection = await new_collection(bench)
    uploaded = await upload(bench, collection, "weirs.md", text_of("weir", 300))
    run = UUID(uploaded.run_id)
    bench.engine.start(run)
    await hanging.reached()
    await fall_silent(bench, run)
    await other.engine.carry(run)
    await intact(other, uploaded.document_id)
    assert len(await found(other, collection, "weir7")) == 1


@pytest.mark.parametrize(
    "where", ["in the middle of embedding", "when all vectors are there", "in the swap", "after it"]
)
async def test_another_process_swaps_what_one_began(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 40))
    hanging = {
        "in the middle of embedding": lambda: Hanging(monkeypatch, embedding, "embed"),
        "when all vectors are there": lambda: Hanging(monkeypatch, steps, "embed_aside"),
        "in the swap": lambda: Hanging(monkeypatch, steps, "read_aside"),
        "after it": lambda: Hanging(monkeypatch, steps, "clear_left"),
    }[where]()
    hanging.at(1 if where in ("in the swap", "after it") else 2)
    uploaded = await upload(bench, collection, "locks.md", text_of("lock", 300), document_id=old.id)
    run = UUID(uploaded.run_id)
    bench.engine.start(run)
    await hanging.reached()
    if where != "after it":
        between = await document(bench, old.id)
        assert (between.status, between.version, between.name) == ("complete", 1, "weirs.md")
        assert between.update
        assert between.update.status == "indexing"
        assert await found(bench, collection, "weir7")
        assert not await found(bench, collection, "lock7")
    await fall_silent(bench, run)
    await other.engine.carry(run)
    await intact(other, old.id)
    new = await document(other, old.id)
    assert (new.version, new.name, new.update, new.run_id) == (2, "locks.md", None, uploaded.run_id)
    assert not await found(other, collection, "weir7")
    assert len(await found(other, collection, "lock7")) == 1


async def test_what_failed_is_retried_in_one_call(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = await new_collection(bench)

    async def broken(*_: Any, **__: Any) -> None:
        raise ValueError("no")

    with monkeypatch.context() as patch:
        patch.setattr(embedding, "embed", broken)
        failed = await ingest(bench, collection, "weirs.md", text_of("weir", 5))
    assert (failed.status, failed.searchable_by) == ("failed", ["words"])
    assert await found(bench, collection, "weir3"), "the words stay"
    again = await call(bench, "retry_failed_documents", collection_id=collection)
    assert again.document_ids == [failed.id]
    run = (await document(bench, failed.id)).run_id
    assert run
    assert run != failed.run_id
    await bench.engine.carry(UUID(run))
    await intact(bench, failed.id)
    assert (await call(bench, "retry_failed_documents", collection_id=collection)).document_ids == []


@pytest.mark.parametrize("name", ["weirs.md", "weirs.zip"])
async def test_every_step_outlives_a_database_that_is_started_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    collection, calls, at_once = await new_collection(bench), itertools.count(), asyncio.sleep

    async def away_at_first(*given: Any) -> Any:
        if next(calls) % 2 == 0:
            raise DatabaseUnreachable("It is started again.")
        return await find_work(*given)

    async def shortly(seconds: float) -> None:
        await at_once(min(seconds, 0.01))

    find_work = work.find_work
    monkeypatch.setattr(work, "find_work", away_at_first)
    monkeypatch.setattr(asyncio, "sleep", shortly)
    data = text_of("weir", 3)
    done = await ingest(bench, collection, name, data if name.endswith(".md") else zipped(weirs_md=data))
    assert (done.status, done.error) == ("complete", None)
    assert next(calls) >= 4, "each step was begun twice"


@pytest.fixture
def small_disk(tmp_path: Path) -> Generator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_fails_in_words_and_is_retried(bench: Bench, small_disk: Path) -> None:
    bench = await changed(bench, objects=open_objects(small_disk.as_uri(), small_disk))
    collection = await new_collection(bench)
    uploaded = await upload(bench, collection, "weirs.md", text_of("weir", 60))
    ballast = small_disk / "ballast"
    with contextlib.suppress(OSError):
        ballast.write_bytes(bytes(1 << 20))
    failed = await carried(bench, uploaded)
    assert (failed.status, failed.searchable_by, failed.chunk_count) == ("failed", [], 0)
    assert failed.error
    assert "full" in failed.error
    with pytest.raises(ObjectStoreFull):
        await upload(bench, collection, "locks.md", text_of("lock", 60))
    ballast.unlink()
    await carried(bench, await call(bench, "retry_document", document_id=failed.id))
    await intact(bench, failed.id)
