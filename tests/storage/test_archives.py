"""Archives: a document for each member, in step with the archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from inference.functions.ingestion import archives, delete_left_contents, steps
from inference.models.documents import Document, UploadResult
from inference.models.sources import MemberTally
from tests import packages
from tests.documents import docx
from tests.storage.bench import Bench
from tests.storage.counting import fall_silent
from tests.storage.ingesting import (
    Hanging,
    call,
    content,
    document,
    found,
    ingest,
    intact,
    new_collection,
    objects,
    rows,
    text_of,
    upload,
    zipped,
)


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


async def there(bench: Bench, collection: str) -> dict[str, int]:
    """The versions of an archive's members, by what follows the archive's source in theirs."""
    listed = (await call(bench, "fetch_collection_documents", collection_id=collection, limit=200)).documents
    return {known.source.split("!")[1]: known.version for known in listed if known.source and "!" in known.source}


WHOLE = {
    "a_md": text_of("weir", 3),
    "inner_zip": zipped(x_md=text_of("lock", 3), y_md=text_of("sluice", 3)),
    "b_md": text_of("gate", 3),
    "c_md": text_of("dam", 3),
}
NAMES = {"a.md", "inner.zip/x.md", "inner.zip/y.md", "b.md", "c.md"}


def tar_of(files: dict[str, bytes]) -> bytes:
    return packages.tar((name.replace("_", "."), data) for name, data in files.items())


@pytest.mark.parametrize(
    ("name", "whole", "begin"),
    [
        ("all.zip", zipped(**WHOLE), b"b.md"),
        ("all.zip", zipped(a_md=WHOLE["a_md"], report_docx=docx(["lock"]), b_md=WHOLE["b_md"]), b"b.md"),
        ("all.tar", tar_of(WHOLE), b"c.md"),
    ],
    ids=["archive in a zip", "office file in a zip", "tar between members"],
)
async def test_a_newer_archive_that_is_cut_leaves_the_old_one(
    bench: Bench, name: str, whole: bytes, begin: bytes
) -> None:
    collection = await new_collection(bench)
    old = await ingest(bench, collection, name, whole, source="all")
    before = await there(bench, collection)
    at = whole.index(begin)
    cut = await ingest(bench, collection, name, whole[: at if name == "all.tar" else at + 500], source="all")
    assert (cut.version, cut.sha256) == (1, old.sha256)
    assert cut.update
    assert cut.update.status == "failed"
    assert "is a damaged" in (cut.update.error or "")
    assert await there(bench, collection) == before
    assert {"a.md", "b.md"} <= set(before)


async def test_members_that_cannot_be_read_stay_as_they_were(bench: Bench) -> None:
    collection = await new_collection(bench)
    await ingest(bench, collection, "all.zip", zipped(**WHOLE), source="all")
    assert await there(bench, collection) == dict.fromkeys(NAMES, 1)
    damaged = {"a_md": text_of("rain", 3), "inner_zip": WHOLE["inner_zip"][:-40], "b_md": WHOLE["b_md"]}
    newer = bytearray(zipped(**damaged))
    newer[newer.index(b"b.md") + 50] ^= 255
    now = await ingest(bench, collection, "all.zip", bytes(newer), source="all")
    assert (now.version, now.update) == (2, None)
    assert [warning.partition(":")[0] for warning in now.warnings] == ["inner.zip", "b.md"]
    assert set(await there(bench, collection)) == NAMES - {"c.md"}


async def lacking(bench: Bench, collection: str) -> tuple[Document, UploadResult]:
    """An archive of many members that have been ingested, and a newer one on its way that has one of them."""
    files = {f"{n}_md": text_of(f"weir{n}x", 1) for n in range(12)}
    old = await ingest(bench, collection, "all.zip", zipped(**files), source="all")
    await members(bench, collection)
    return old, await upload(bench, collection, "all.zip", zipped(**{"0_md": files["0_md"]}), source="all")


@pytest.mark.parametrize("where", ["before", "in", "after"])
async def test_members_that_are_absent_go_with_the_swap(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A cancelled update takes all of them or none, and of those that it takes no file stays."""
    collection = await new_collection(bench)
    old, newer = await lacking(bench, collection)
    hanging = {
        "before": lambda: Hanging(monkeypatch, archives, "_publish"),
        "in": lambda: Hanging(monkeypatch, archives, "stop_runs"),
        "after": lambda: Hanging(monkeypatch, archives, "clear_left"),
    }[where]()
    hanging.at(1)
    task = bench.engine.start(UUID(newer.run_id))
    await hanging.reached()
    await call(bench, "cancel_run", run_id=newer.run_id)
    await task
    await delete_left_contents(bench.storage, bench.ctx.objects)
    now = await document(bench, old.id)
    assert (now.version, len(await there(bench, collection))) == ((2, 1) if where == "after" else (1, 12))
    # An update that was cancelled keeps its file: it can be retried.
    kept = 2 if where == "after" else 14
    assert len(list((bench.ctx.settings.home_dir / "objects" / "contents").iterdir())) == kept


async def test_another_process_cleans_up_behind_a_swap(
    bench: Bench, other: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = await new_collection(bench)
    old, _ = await lacking(bench, collection)
    hanging = Hanging(monkeypatch, steps, "clear_left")
    hanging.at(1)
    plain = await upload(bench, collection, "all.md", text_of("plain", 3), source="all")
    bench.engine.start(UUID(plain.run_id))
    await hanging.reached()
    assert await there(bench, collection) == {}, "they go with the swap"
    await fall_silent(bench, UUID(plain.run_id))
    await other.engine.carry(UUID(plain.run_id))
    await intact(other, old.id)
    assert not await found(other, collection, "weir7x0")
    assert [path.name for path in objects(other) if path.parent.name == "contents"] == [
        content(other, text_of("plain", 3)).name
    ]


async def test_what_an_archive_that_failed_had_taken_in_goes_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> None:
        raise ValueError("no")

    collection = await new_collection(bench)
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_publish", broken)
        failed = await ingest(bench, collection, "all.zip", zipped(**WHOLE), source="all")
    assert failed.status == "failed"
    assert set(await there(bench, collection)) == NAMES
    now = await ingest(bench, collection, "all.md", text_of("plain", 3), source="all")
    assert (now.id, now.status) == (failed.id, "complete")
    assert await there(bench, collection) == {}


async def test_no_directory_stays_of_what_an_archive_was_unpacked_to(bench: Bench) -> None:
    archive = await ingest(bench, await new_collection(bench), "all.zip", zipped(**WHOLE))
    assert archive.run_id
    assert not (bench.ctx.settings.home_dir / "objects" / "scratch" / archive.run_id).exists()
