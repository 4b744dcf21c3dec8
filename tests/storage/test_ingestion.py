"""Documents are searchable by words first; whatever interrupts an ingestion, nothing is missing or there twice."""

from __future__ import annotations

import asyncio
import contextlib
import io
import subprocess
import zipfile
from collections.abc import AsyncGenerator, Generator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db import ObjectStoreFull, open_objects
from inference.functions.ingestion import embedding, parsing, steps, sweep_objects
from inference.models.documents import Document
from tests.storage.bench import Bench, changed
from tests.storage.counting import another_process, fall_silent
from tests.storage.ingesting import (
    Hanging,
    call,
    carried,
    content,
    document,
    found,
    ingest,
    intact,
    new_collection,
    objects,
    text_of,
    upload,
)


@pytest.fixture
async def other(bench: Bench, database: str) -> AsyncGenerator[Bench]:
    async with another_process(bench, database) as process:
        yield process


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
        "after it": lambda: Hanging(monkeypatch, steps, "delete_unused_contents"),
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


async def test_a_newer_content_that_cannot_be_read_leaves_the_old_one(bench: Bench) -> None:
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 5), source="a/weirs.md")
    broken = await ingest(bench, collection, "weirs.pdf", b"%PDF-1.7 nothing", source="a/weirs.md")
    assert (broken.id, broken.status, broken.sha256) == (old.id, "complete", old.sha256)
    assert broken.update
    assert broken.update.status == "failed"
    assert broken.update.error
    assert await found(bench, collection, "weir3")
    # The next one takes its place, and its bytes are not kept.
    newer = await ingest(bench, collection, "weirs.md", text_of("lock", 5), source="a/weirs.md")
    assert (newer.update, newer.version) == (None, 2)
    assert not content(bench, b"%PDF-1.7 nothing").exists()
    assert not content(bench, text_of("weir", 5)).exists()


async def test_the_same_content_again_changes_nothing(bench: Bench) -> None:
    collection, data = await new_collection(bench), text_of("weir", 5)
    old = await ingest(bench, collection, "weirs.md", data, source="weirs", metadata={"a": 1})
    again = await upload(bench, collection, "weirs.md", data, source="weirs", metadata={"a": 2})
    assert (again.unchanged, again.document_id, again.run_id) == (True, old.id, old.run_id)
    now = await document(bench, old.id)
    assert (now.metadata, now.version, now.indexed_at) == ({"a": 2}, 1, old.indexed_at)
    by_id = await upload(bench, collection, "weirs.md", data, document_id=old.id)
    assert by_id.unchanged
    # Going back to it gives up what was on its way.
    on_its_way = await upload(bench, collection, "weirs.md", text_of("lock", 5), source="weirs")
    assert not on_its_way.unchanged
    assert (await upload(bench, collection, "weirs.md", data, source="weirs")).unchanged
    assert (await document(bench, old.id)).update is None
    assert not content(bench, text_of("lock", 5)).exists()


async def test_the_same_bytes_elsewhere_are_neither_read_nor_embedded(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = text_of("weir", 50)
    first = await ingest(bench, await new_collection(bench), "weirs.md", data)
    reading, embedded = Hanging(monkeypatch, parsing, "read_isolated"), Hanging(monkeypatch, embedding, "embed")
    second = await ingest(bench, await new_collection(bench), "others.md", data)
    assert second.chunk_count == first.chunk_count
    await intact(bench, second.id)
    newer = text_of("weir", 50) + b"\n\n# One more\n\nOnly this is new."
    third = await ingest(bench, second.collection_id, "others.md", newer, document_id=second.id)
    await intact(bench, third.id)
    assert (reading.calls["all"], embedded.calls["all"]) == (1, 1)


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


async def rows(bench: Bench) -> dict[str, int]:
    """Of every table, how many rows it has; without the record of ended runs' toolchains and the queue's log."""
    tables = await bench.storage.pool.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    kept = ("toolchain_definitions", "embedders", "pgqueuer", "pgqueuer_log")
    names = sorted(row["relname"] for row in tables if row["relname"] not in kept)
    return {name: await bench.storage.pool.fetchval(f'SELECT count(*) FROM "{name}"') for name in names}


async def test_deleting_removes_every_trace(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    collection = await new_collection(bench)
    before, lying = await rows(bench), objects(bench)
    one = await ingest(bench, collection, "weirs.md", text_of("weir", 30))
    two = await ingest(bench, collection, "locks.md", text_of("lock", 30))
    await ingest(bench, collection, "locks.md", text_of("gate", 30), document_id=two.id)
    await ingest(bench, collection, "bad.pdf", b"%PDF-1.7 nothing", document_id=two.id)
    bad = await ingest(bench, collection, "bad.pdf", b"%PDF-1.7 nothing")
    queued = await upload(bench, collection, "queued.md", text_of("queue", 3))
    await upload(bench, collection, "queued.md", text_of("newer", 3), document_id=one.id)
    for uid in (one.id, two.id, bad.id, queued.document_id):
        await call(bench, "delete_document", document_id=uid)
    # Postings go with the next background work on their collection.
    while await bench.storage.merge_bm25(quiet_seconds=0):
        pass
    assert await rows(bench) == before
    assert objects(bench) == lying


async def test_a_collection_takes_all_with_it(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before, lying = await rows(bench), objects(bench)
    collection = await new_collection(bench)
    one = await ingest(bench, collection, "weirs.md", text_of("weir", 30))
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(1)
    newer = await upload(bench, collection, "locks.md", text_of("lock", 30), document_id=one.id)
    task = bench.engine.start(UUID(newer.run_id))
    await hanging.reached()
    await call(bench, "delete_document_collection", collection_id=collection)
    await task
    left = await rows(bench)
    gone = ("runs", "run_events", "run_steps")
    assert {name: count for name, count in left.items() if name not in gone} == {
        name: count for name, count in before.items() if name not in gone
    }
    assert left["runs"] == 1, "what was running has ended, and says that it was cancelled"
    assert objects(bench) == lying


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


def zipped(**files: bytes) -> bytes:
    """A zip archive, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_", ".")), data)
    return buffer.getvalue()


async def members(bench: Bench, collection: str) -> dict[str, Document]:
    """The documents of archives' members by their sources, when their ingestion has ended."""
    documents: dict[str, Document] = {}
    for listed in (await call(bench, "fetch_collection_documents", collection_id=collection)).documents:
        if listed.source and "!" in listed.source:
            assert listed.run_id
            await bench.engine.carry(UUID(listed.run_id))
            if listed.update and listed.update.run_id:
                await bench.engine.carry(UUID(listed.update.run_id))
            documents[listed.source] = await document(bench, listed.id)
    return documents


async def test_an_archive_is_a_document_for_each_member(bench: Bench) -> None:
    before, lying = await rows(bench), objects(bench)
    collection = await new_collection(bench)
    first = zipped(a__weirs_md=text_of("weir", 5), locks_md=text_of("lock", 5), bad_pdf=b"%PDF-1.7 nothing")
    archive = await ingest(bench, collection, "all.zip", first, source="all.zip", metadata={"shelf": 3})
    assert (archive.status, archive.searchable_by, archive.chunk_count) == ("complete", [], 0)
    there = await members(bench, collection)
    assert set(there) == {"all.zip!a/weirs.md", "all.zip!locks.md", "all.zip!bad.pdf"}
    weirs, bad = there["all.zip!a/weirs.md"], there["all.zip!bad.pdf"]
    assert (weirs.name, weirs.metadata, weirs.status, bad.status) == ("weirs.md", {"shelf": 3}, "complete", "failed")
    assert [hit.document_id for hit in await found(bench, collection, "weir3")] == [weirs.id]
    (warning,) = (await document(bench, archive.id)).warnings
    assert warning.startswith("bad.pdf: ")

    newer = zipped(a__weirs_md=text_of("weir", 5), locks_md=text_of("gate", 5), more_md=text_of("dam", 5))
    await ingest(bench, collection, "all.zip", newer, source="all.zip")
    now = await members(bench, collection)
    assert set(now) == {"all.zip!a/weirs.md", "all.zip!locks.md", "all.zip!more.md"}
    assert now["all.zip!a/weirs.md"] == weirs, "what has not changed is left alone"
    assert (now["all.zip!locks.md"].id, now["all.zip!locks.md"].version) == (there["all.zip!locks.md"].id, 2)
    assert not await found(bench, collection, "lock3")
    assert await found(bench, collection, "gate3")

    await call(bench, "delete_document", document_id=archive.id)
    await call(bench, "delete_document_collection", collection_id=collection)
    assert await rows(bench) == before
    assert objects(bench) == lying


async def test_an_archive_that_is_cut_short_leaves_no_member(bench: Bench) -> None:
    collection = await new_collection(bench)
    whole = zipped(weirs_md=text_of("weir", 50), locks_md=text_of("lock", 50))
    broken = await ingest(bench, collection, "all.zip", whole[: len(whole) // 2])
    assert broken.status == "failed"
    assert broken.error
    assert await members(bench, collection) == {}


async def test_what_a_dead_process_left_is_swept(bench: Bench) -> None:
    collection, data = await new_collection(bench), text_of("weir", 3)
    there = await ingest(bench, collection, "weirs.md", data)
    lying = objects(bench)
    home = bench.ctx.settings.home_dir / "objects"
    for place in ("incoming/half", f"contents/{'a' * 64}", f"parsed/{'b' * 64}/1-x.json"):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_bytes(b"left")
    assert await sweep_objects(bench.storage, bench.ctx.objects) == 0, "an upload may be under way"
    assert await sweep_objects(bench.storage, bench.ctx.objects, timedelta(0)) == 3
    assert objects(bench) == lying
    await intact(bench, there.id)
