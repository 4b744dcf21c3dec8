"""Archives: a document for each member, in step with the archive."""

from __future__ import annotations

from uuid import UUID

from inference.models.documents import Document
from inference.models.sources import MemberTally
from tests.storage.bench import Bench
from tests.storage.ingesting import call, document, found, ingest, new_collection, objects, rows, text_of, zipped


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


async def test_how_far_the_members_are(bench: Bench) -> None:
    collection = await new_collection(bench)
    inner = zipped(dam_md=text_of("dam", 3))
    whole = zipped(weirs_md=text_of("weir", 3), bad_pdf=b"%PDF-1.7 nothing", inner_zip=inner)
    await ingest(bench, collection, "all.zip", whole, source="all.zip")
    await ingest(bench, collection, "a.md", text_of("lock", 3), source="a.md")

    async def tallies() -> list[MemberTally | None]:
        contents = [{"source": source, "sha256": "0" * 64} for source in ("all.zip", "a.md")]
        matches = (await call(bench, "match_contents", collection_id=collection, contents=contents)).matches
        return [match.members for match in matches]

    begun, none = await tallies()
    assert begun
    assert none is None
    assert (begun.total, begun.at_work, begun.failed, begun.failures) == (3, 3, 0, [])
    await members(bench, collection)
    await members(bench, collection)
    ended, _ = await tallies()
    assert ended
    assert (ended.at_work, ended.failed) == (0, 1)
    assert [failure.source for failure in ended.failures] == ["all.zip!bad.pdf"]
    assert ended.failures[0].error
