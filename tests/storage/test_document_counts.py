"""How many documents of a collection are in which state is told without reading their list, and which those are."""

from __future__ import annotations

import io
import zipfile
from typing import get_args
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from inference.errors import NotFound
from inference.models.documents import DocumentCounts, DocumentState
from tests.storage.bench import Bench
from tests.storage.ingesting import call, carried, document, ingest, new_collection, text_of, upload


async def counts(bench: Bench, collection: str) -> DocumentCounts:
    """What is counted, once a list of each state has been seen to hold as many."""
    known: DocumentCounts = await call(bench, "fetch_document_counts", collection_id=collection)
    for state in get_args(DocumentState.__value__):
        listed = await call(bench, "fetch_collection_documents", collection_id=collection, state=state)
        assert len(listed.documents) == getattr(known, state), state
    return known


async def test_an_empty_collection_has_none_in_any_state(bench: Bench) -> None:
    none = DocumentCounts(documents=0, underway=0, complete=0, failed=0, warnings=0, progress=None)
    assert await counts(bench, await new_collection(bench)) == none


async def test_every_state_is_counted_in_its_collection_alone(bench: Bench) -> None:
    collection = await new_collection(bench)
    await ingest(bench, await new_collection(bench), "elsewhere.md", text_of("lock", 1))
    await ingest(bench, collection, "weirs.md", text_of("weir", 1))
    await ingest(bench, collection, "bad.pdf", b"%PDF-1.7 nothing")
    waiting = await upload(bench, collection, "gates.md", text_of("gate", 1))
    known = await counts(bench, collection)
    assert (known.documents, known.underway, known.complete, known.failed, known.progress) == (3, 1, 1, 1, 0)
    await carried(bench, waiting)
    known = await counts(bench, collection)
    assert (known.underway, known.complete, known.failed, known.progress) == (0, 2, 1, None)


async def test_those_in_one_state_are_listed_page_by_page(bench: Bench) -> None:
    collection = await new_collection(bench)
    failed = [await ingest(bench, collection, f"bad-{n}.pdf", b"%PDF-1.7 nothing") for n in range(2)]
    await ingest(bench, collection, "weirs.md", text_of("weir", 1))
    which = {"collection_id": collection, "state": "failed", "limit": 1}
    newest = await call(bench, "fetch_collection_documents", **which)
    oldest = await call(bench, "fetch_collection_documents", **which, before=newest.next_before)
    assert [one.id for one in [*newest.documents, *oldest.documents]] == [failed[1].id, failed[0].id]


async def test_a_newer_content_is_under_way_or_failed_while_the_old_one_is_complete(bench: Bench) -> None:
    collection = await new_collection(bench)
    await ingest(bench, collection, "weirs.md", text_of("weir", 1), source="weirs")
    newer = await upload(bench, collection, "weirs.pdf", b"%PDF-1.7 nothing", source="weirs")
    known = await counts(bench, collection)
    assert (known.documents, known.underway, known.complete, known.failed, known.progress) == (1, 1, 1, 0, 0)
    await carried(bench, newer)
    known = await counts(bench, collection)
    assert (known.documents, known.underway, known.complete, known.failed) == (1, 0, 1, 1)


async def test_an_archive_with_a_member_that_failed_has_warnings(bench: Bench) -> None:
    collection, buffer = await new_collection(bench), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("bad.pdf", b"%PDF-1.7 nothing")
    whole = await ingest(bench, collection, "all.zip", buffer.getvalue())
    assert (await counts(bench, collection)).warnings == 0, "its member waits"
    (member,) = (
        one
        for one in (await call(bench, "fetch_collection_documents", collection_id=collection)).documents
        if one.id != whole.id
    )
    await bench.engine.carry(UUID(member.run_id))
    known = await counts(bench, collection)
    assert (known.documents, known.complete, known.failed, known.warnings) == (2, 1, 1, 1)
    assert (await document(bench, whole.id)).warnings


async def test_a_collection_that_is_not_there_has_no_counts(bench: Bench) -> None:
    with pytest.raises(NotFound):
        await counts(bench, str(uuid7()))
