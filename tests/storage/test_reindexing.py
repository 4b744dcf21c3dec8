"""Collections are cut and embedded in another way while they are searched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest

from inference.errors import Conflict, NotFound
from inference.functions.ingestion import embedding, reindexing, steps
from inference.models.collections import Collection, ReindexResult
from inference.models.models import ModelEntry
from inference.runner import DEFAULT_EMBEDDER, FakeRunner
from tests.storage.bench import Bench, changed
from tests.storage.ingesting import Hanging, call, document, found, ingest, intact, new_collection, text_of, upload


async def reindex(bench: Bench, collection: str, **change: object) -> ReindexResult:
    return await call(bench, "reindex_collection", collection_id=collection, **change)


async def collection_of(bench: Bench, collection: str) -> Collection:
    return await call(bench, "fetch_collection", collection_id=collection)


async def cutting(
    bench: Bench, collection: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Hanging, str, asyncio.Task[Any]]:
    """A reindexing that hangs at its first document, with its run and the task that carries it."""
    hanging = Hanging(monkeypatch, reindexing, "embed_aside")
    hanging.at(1)
    begun = await reindex(bench, collection, chunking={"max_tokens": 64})
    assert begun.run_id
    task = bench.engine.start(UUID(begun.run_id))
    await hanging.reached()
    return hanging, begun.run_id, task


async def test_another_way_of_cutting(bench: Bench) -> None:
    collection = await new_collection(bench)
    made = [await ingest(bench, collection, f"{n}.md", text_of(f"weir{n}of", 20)) for n in range(3)]
    cost = await reindex(bench, collection, chunking={"max_tokens": 64}, dry_run=True)
    assert (cost.run_id, cost.documents) == (None, 3)
    assert cost.tokens > 0
    assert cost.seconds > 0
    begun = await reindex(bench, collection, chunking={"max_tokens": 64})
    assert begun.run_id
    under_way = await collection_of(bench, collection)
    assert under_way.reindexing
    assert under_way.reindexing.run_id == begun.run_id
    with pytest.raises(Conflict, match="under way"):
        await reindex(bench, collection)
    waiting = (await document(bench, made[0].id)).update
    assert waiting
    assert waiting.run_id == begun.run_id
    await bench.engine.carry(UUID(begun.run_id))
    run, output = await bench.end(UUID(begun.run_id))
    assert (run.status, output) == ("completed", {"documents": 3}), run.error
    assert (await collection_of(bench, collection)).reindexing is None
    made_of = 0
    for before in made:
        await intact(bench, before.id)
        after = await document(bench, before.id)
        assert after.chunk_count > before.chunk_count
        assert (after.version, after.update) == (1, None)
        made_of += after.chunk_count
    assert 0.7 * made_of < cost.chunks < 1.4 * made_of
    assert len({hit.document_id for hit in await found(bench, collection, "weir1of7")}) == 1


async def test_a_document_that_comes_in_meanwhile_is_cut_in_the_new_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = await new_collection(bench)
    await ingest(bench, collection, "weirs.md", text_of("weir", 20))
    _, run_id, task = await cutting(bench, collection, monkeypatch)
    late = await ingest(bench, collection, "locks.md", text_of("lock", 20))
    await intact(bench, late.id)
    assert late.chunk_count > 30
    await call(bench, "cancel_run", run_id=run_id)
    await task
    assert len(await found(bench, collection, "weir7")) == 1, "what was not cut anew is as it was"
    again = await reindex(bench, collection)
    assert again.run_id
    await bench.engine.carry(UUID(again.run_id))
    run, _ = await bench.end(UUID(again.run_id))
    assert run.status == "completed", run.error
    await intact(bench, late.id)


async def test_a_document_that_is_deleted_meanwhile_is_passed_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = await new_collection(bench)
    gone = await ingest(bench, collection, "weirs.md", text_of("weir", 20))
    kept = await ingest(bench, collection, "locks.md", text_of("lock", 20))
    hanging, run_id, task = await cutting(bench, collection, monkeypatch)
    await call(bench, "delete_document", document_id=gone.id)
    hanging.release()
    await task
    run, _ = await bench.end(UUID(run_id))
    assert run.status == "completed", run.error
    await intact(bench, kept.id)
    assert (await document(bench, kept.id)).chunk_count > kept.chunk_count


async def test_what_is_on_its_way_is_cut_in_the_new_way(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut before the change, and is not searchable yet."""
    collection = await new_collection(bench)
    hanging = Hanging(monkeypatch, steps, "cut_afresh")
    hanging.at(1, after=True)
    uploaded = await upload(bench, collection, "weirs.md", text_of("weir", 20))
    task = bench.engine.start(UUID(uploaded.run_id))
    await hanging.reached()
    begun = await reindex(bench, collection, chunking={"max_tokens": 64})
    assert begun.run_id
    await bench.engine.carry(UUID(begun.run_id))
    hanging.release()
    await task
    await intact(bench, uploaded.document_id)
    assert (await document(bench, uploaded.document_id)).chunk_count > 30


@pytest.fixture
async def two_models(bench: Bench) -> AsyncGenerator[Bench]:
    """The bench with a second embedder, `small`, of other dimensions."""
    entry = ModelEntry.model_validate(
        {
            "id": "small",
            "kind": "embedding",
            "engine": "onnx",
            "source": "/nowhere",
            "dimensions": 64,
            "max_tokens": 512,
        }
    )
    runner = FakeRunner(models=[entry])
    yield await changed(bench, runner=runner)
    await runner.close()


async def embedded(bench: Bench, collection: str) -> dict[str, int]:
    """How many vectors of each model a collection has."""
    query = """
        SELECT m.name, count(*) FROM embeddings e JOIN embedders m ON m.id = e.embedder_id
        JOIN collections c ON c.id = e.collection_id WHERE c.uid = $1 GROUP BY m.name
    """
    return {row["name"]: row["count"] for row in await bench.storage.pool.fetch(query, UUID(collection))}


async def test_a_model_that_is_not_there_is_named_as_it_was_given(bench: Bench) -> None:
    collection = await new_collection(bench)
    for function, request in (
        ("reindex_collection", {"collection_id": collection, "embedder": "no/such"}),
        ("create_document_collection", {"name": "more", "embedder": "no/such"}),
    ):
        with pytest.raises(NotFound) as caught:
            await call(bench, function, **request)
        assert caught.value.field == "embedder"


async def test_another_model(two_models: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = two_models
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 300))
    hanging = Hanging(monkeypatch, embedding, "embed")
    hanging.at(2)
    begun = await reindex(bench, collection, embedder="small")
    assert begun.run_id
    assert (begun.documents, begun.chunks) == (0, old.chunk_count)
    task = bench.engine.start(UUID(begun.run_id))
    await hanging.reached()
    under_way = await collection_of(bench, collection)
    assert under_way.reindexing
    assert (under_way.embedder, under_way.reindexing.embedder) == (DEFAULT_EMBEDDER, "small")
    assert (await embedded(bench, collection))["small"] == embedding.BATCH, "a batch is kept as soon as it is there"
    assert await found(bench, collection, "weir7", "search_dense"), "searched as before"
    late = await ingest(bench, collection, "locks.md", text_of("lock", 20))
    both = (await embedded(bench, collection)).values()
    assert sum(both) == old.chunk_count + embedding.BATCH + 2 * late.chunk_count
    hanging.release()
    await task
    run, _ = await bench.end(UUID(begun.run_id))
    assert run.status == "completed", run.error
    now = await collection_of(bench, collection)
    assert (now.embedder, now.reindexing) == ("small", None)
    assert await embedded(bench, collection) == {"small": old.chunk_count + late.chunk_count}
    assert await found(bench, collection, "weir7", "search_dense")
    await intact(bench, old.id)
    await intact(bench, late.id)


async def test_a_newer_content_while_searches_change_over_has_the_new_models_vectors(
    two_models: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = two_models
    collection = await new_collection(bench)
    old = await ingest(bench, collection, "weirs.md", text_of("weir", 20), source="weirs")
    newer = await upload(bench, collection, "weirs.md", text_of("lock", 20), source="weirs")
    hanging = Hanging(monkeypatch, steps, "read_aside")
    hanging.at(1, after=True)
    task = bench.engine.start(UUID(newer.run_id))
    await hanging.reached()
    begun = await reindex(bench, collection, embedder="small")
    assert begun.run_id
    await bench.engine.carry(UUID(begun.run_id))
    assert (await collection_of(bench, collection)).embedder == "small"
    hanging.release()
    await task
    await intact(bench, old.id)
    assert await embedded(bench, collection) == {"small": (await document(bench, old.id)).chunk_count}
    assert await found(bench, collection, "lock7", "search_dense")
