"""Newer contents of documents that are there: what changes, what is left alone, and what is not done again."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from inference.functions.ingestion import embedding, parsing
from tests.storage.bench import Bench
from tests.storage.ingesting import (
    Hanging,
    call,
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
