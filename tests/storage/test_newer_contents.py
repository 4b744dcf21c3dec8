"""Newer contents of documents that are there: what changes, what is left alone, and what is not done again."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from inference.functions.ingestion import embedding, parsing
from tests.storage.bench import Bench
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
    text_of,
    upload,
)


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


async def test_the_last_upload_counts_also_when_it_goes_back_to_what_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ValueError("no")

    collection, data, other = await new_collection(bench), text_of("weir", 5), text_of("lock", 5)
    with monkeypatch.context() as patch:
        patch.setattr(embedding, "embed", broken)
        failed = await ingest(bench, collection, "weirs.md", data, source="weirs")
    assert (failed.status, failed.searchable_by) == ("failed", ["words"])
    on_its_way = await upload(bench, collection, "weirs.md", other, source="weirs")
    last = await upload(bench, collection, "weirs.md", data, source="weirs")
    await bench.engine.carry(UUID(on_its_way.run_id))
    now = await carried(bench, last)
    assert (now.id, now.version, now.update, now.sha256) == (failed.id, 1, None, failed.sha256)
    await intact(bench, now.id)
    assert not content(bench, other).exists()


async def test_a_file_comes_in_while_a_newer_content_takes_its_place(bench: Bench) -> None:
    """Neither waits for what the other holds."""
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 3), source="weirs")
    newer = await upload(bench, collection, "weirs.md", text_of("lock", 3), source="weirs")
    work = await bench.storage.ingestions.work(bench.ctx.user.key, UUID(old.id), UUID(newer.run_id))
    assert work

    async def take_over() -> object:
        async with bench.storage.transaction() as transaction:
            return await transaction.ingestions.take_over(work, UUID(newer.run_id))

    async with bench.storage.transaction() as intake:
        assert await intake.documents.standing(bench.ctx.user.key, uid=UUID(old.id))
        swap = asyncio.create_task(take_over())
        await asyncio.sleep(0.3)
        await intake.documents.give_up_update(work.id)
    assert await swap is None


async def test_what_a_newer_content_replaces_is_not_embedded_any_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its run is cancelled with the swap; it has not failed, and nobody needs to retry it."""
    collection = await new_collection(bench)
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(1)
    old = await upload(bench, collection, "weirs.md", text_of("weir", 5), source="weirs")
    embedding_old = bench.engine.start(UUID(old.run_id))
    await hanging.reached()
    newer = await carried(bench, await upload(bench, collection, "weirs.md", text_of("lock", 5), source="weirs"))
    assert (newer.id, newer.status, newer.version) == (old.document_id, "complete", 2)
    async with asyncio.timeout(10):
        await embedding_old
    assert (await bench.end(UUID(old.run_id)))[0].status == "cancelled"
    await intact(bench, newer.id)


async def test_an_empty_source_is_none(bench: Bench) -> None:
    collection = await new_collection(bench)
    one = await upload(bench, collection, "weirs.md", text_of("weir", 3), source="")
    two = await upload(bench, collection, "locks.md", text_of("lock", 3), source="")
    assert one.document_id != two.document_id
    assert (await document(bench, one.document_id)).source is None


async def test_the_same_content_by_another_name_is_found_by_the_one_that_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its ingestion had ended or was broken off behind the words."""
    collection, data = await new_collection(bench), text_of("weir", 5)
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(1)
    first = await upload(bench, collection, "oldname.md", data, source="weirs")
    task = asyncio.create_task(bench.engine.carry(UUID(first.run_id)))
    await hanging.reached()
    assert (await document(bench, first.document_id)).searchable_by == ["words"]
    await call(bench, "cancel_run", run_id=first.run_id)
    hanging.release()
    await task
    for _ in range(2):
        known = await ingest(bench, collection, "newname.md", data, source="weirs")
        assert (known.id, known.status) == (first.document_id, "complete")
        stem = known.name.removesuffix(".md")
        assert len(await found(bench, collection, f"document_name:{stem} weir3")) == 5
    await intact(bench, first.document_id)


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
