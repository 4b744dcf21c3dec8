"""What is deleted, or was left by a process that died, leaves no trace."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from inference.composer.sweeping import look_after_runs
from inference.errors import NotFound
from inference.functions import collections, documents, new_id
from inference.functions.ingestion import embedding, sweep_objects
from tests.storage.bench import Bench
from tests.storage.counting import stored
from tests.storage.ingesting import (
    Hanging,
    call,
    content,
    ingest,
    intact,
    new_collection,
    objects,
    rows,
    text_of,
    upload,
    zipped,
)


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


async def test_what_a_dead_process_left_is_swept(bench: Bench) -> None:
    collection, data = await new_collection(bench), text_of("weir", 3)
    there = await ingest(bench, collection, "weirs.md", data)
    home = bench.ctx.settings.home_dir / "objects"
    queued = (await upload(bench, collection, "locks.md", text_of("lock", 3))).run_id
    at_work = objects(bench)
    written = (
        "incoming/half#1",
        "incoming/half",
        f"contents/{'a' * 64}",
        f"contents/{'a' * 64}#1",
        f"parsed/{'b' * 64}/1-x",
    )
    for place in (*written, f"scratch/{there.run_id}/x", f"scratch/{new_id()}/x#2", f"scratch/{queued}/x"):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_bytes(b"left")
    assert await sweep_objects(bench.storage, bench.ctx.objects) == 0, "an upload may be under way"
    await sweep_objects(bench.storage, bench.ctx.objects, timedelta(0))
    assert objects(bench) == sorted([*at_work, home / "scratch" / queued / "x"]), "what a run goes on with stays"
    assert [path.name for path in (home / "scratch").iterdir()] == [queued]
    await intact(bench, there.id)


async def test_a_run_that_is_cancelled_while_nobody_carries_it_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 3))
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(1)
    newer = await upload(bench, collection, "weirs.md", text_of("lock", 3), document_id=old.id)
    bench.engine.start(UUID(newer.run_id))
    await hanging.reached()
    # The process ends and gives its run back.
    await bench.engine.close()
    run = await call(bench, "cancel_run", run_id=newer.run_id)
    assert run.status == "cancelled"
    assert not [path for path in objects(bench) if "scratch" in path.parts]


async def test_what_a_transaction_gave_up_goes_within_seconds(bench: Bench) -> None:
    collection, data = await new_collection(bench), text_of("weir", 3)
    kept = await ingest(bench, collection, "weirs.md", data)
    given_up = hashlib.sha256(b"given up").hexdigest()
    await bench.ctx.objects.put(f"contents/{given_up}", b"given up")
    await bench.storage.documents.leave_contents(1, [given_up, kept.sha256])
    looking = asyncio.create_task(look_after_runs(bench.storage, bench.ctx.objects, bench.engine, bench.ctx.settings))
    await stored(bench, 0, "SELECT count(*) FROM left_contents")
    looking.cancel()
    assert not content(bench, b"given up").exists()
    await intact(bench, kept.id)
    assert content(bench, data).exists()


@pytest.mark.parametrize("what", ["delete_document", "delete_document_collection"])
async def test_what_is_deleted_goes_within_seconds_though_the_process_dies(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    class Died(Exception):
        pass

    async def die(*_: Any) -> None:
        raise Died

    lying = objects(bench)
    collection = await new_collection(bench)
    one = await ingest(bench, collection, "weirs.md", text_of("weir", 3))
    for module in (documents, collections):
        monkeypatch.setattr(module, "clear_away", die)
    given = {"delete_document": {"document_id": one.id}, "delete_document_collection": {"collection_id": collection}}
    with pytest.raises(Died):
        await call(bench, what, **given[what])
    assert content(bench, text_of("weir", 3)).exists()
    looking = asyncio.create_task(look_after_runs(bench.storage, bench.ctx.objects, bench.engine, bench.ctx.settings))
    await stored(bench, 0, "SELECT count(*) FROM left_contents")
    looking.cancel()
    assert objects(bench) == lying


@pytest.mark.parametrize("what", ["collection", "archive"])
async def test_what_comes_in_while_all_is_deleted_leaves_nothing(bench: Bench, what: str) -> None:
    """Each file is there and goes with all others, or is refused because there is nothing (any more) to add it to."""
    lying, begun = objects(bench), asyncio.Event()
    collection = await new_collection(bench)
    members = {f"{n}.md": text_of(f"weir{n}", 3) for n in range(40)}
    archive = await upload(bench, collection, "all.zip", zipped(**members))
    expanding = bench.engine.start(UUID(archive.run_id))

    async def bring(number: int) -> None:
        with contextlib.suppress(NotFound):
            for n in range(20):
                await upload(bench, collection, f"{number}-{n}.md", text_of(f"lock{number}x{n}", 3))
                begun.set()

    bringing = [asyncio.create_task(bring(number)) for number in range(3)]
    await begun.wait()
    if what == "archive":
        await call(bench, "delete_document", document_id=archive.document_id)
        await asyncio.gather(*bringing)
        await expanding
    await call(bench, "delete_document_collection", collection_id=collection)
    await asyncio.gather(*bringing)
    await expanding
    assert await bench.storage.pool.fetch("SELECT FROM documents") == []
    assert objects(bench) == lying
