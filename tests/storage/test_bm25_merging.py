"""What the BM25 store does in the background: merging, another language, room that is given back."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from db import Storage, apply_schema, load_statements, open_storage, parse_query
from db.bm25 import merging
from tests.bm25_library import Definition, Library, assert_same


async def test_what_merges_leave_is_one_segment_without_the_dead(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection()
    documents = [await library.add(collection, ["pump valve", f"n{n}"]) for n in range(20)]
    for document in documents[::2]:
        await library.delete(document)
    before = await storage.bm25.search([collection], parse_query("pump n3"), 50)
    assert await storage.pool.fetchval("SELECT bm25_chunk_count($1)", collection) == 20
    await library.settle()
    assert await storage.pool.fetchval("SELECT count(*) FROM bm25_segments") == 1
    (left,) = await storage.pool.fetch("SELECT chunk_ids, deletions FROM bm25_deletions")
    assert (left["chunk_ids"], left["deletions"]) == ([], 10), "how many there have been is known for ever"
    assert await storage.pool.fetchval("SELECT bm25_chunk_count($1)", collection) == 20
    assert await storage.bm25.search([collection], parse_query("pump n3"), 50) == before


async def test_chunks_of_an_older_home_are_found_after_the_next_start(storage: Storage, database: str) -> None:
    library = await Library.make(storage)
    collection = await library.collection("english")
    await library.add(collection, ["The pumps are running"])
    await storage.pool.execute("DELETE FROM bm25_segments")
    await storage.pool.execute("CREATE TABLE bm25_postings (collection_id bigint, term text)")
    await storage.pool.execute("CREATE TABLE bm25_lengths (chunk_id bigint)")
    await storage.pool.execute("CREATE TABLE bm25_statistics (collection_id bigint)")
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")
    assert await apply_schema(database)
    assert await storage.pool.fetchval("SELECT to_regclass('bm25_postings')") is None
    assert await storage.bm25.search([collection], parse_query("pump"), 5) == []
    await library.settle()
    assert len(await storage.bm25.search([collection], parse_query("pump"), 5)) == 1


async def test_another_language_is_made_anew_behind_searches(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection("english")
    await library.add(collection, ["The pumps are running", "Die Pumpen laufen"])
    await storage.pool.execute("UPDATE collections SET language = 'german'")
    assert len(await storage.bm25.search([collection], parse_query("pump runs"), 5)) == 1, "as it was, for now"
    await library.settle()
    found = await storage.bm25.search([collection], parse_query("Pumpe"), 5)
    assert [one.chunk_id for one in found] == [(await library.ids())["Die Pumpen laufen"]]
    assert await storage.pool.fetchval("SELECT bm25_chunk_count($1)", collection) == 2


@pytest.mark.parametrize("gone", [1, 5, 8])
async def test_what_is_deleted_while_a_language_is_made_anew(storage: Storage, gone: int) -> None:
    """After the work has begun, and before it reads the chunks."""
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
    library = await Library.make(storage)
    collection, next_one = await library.collection("english"), await library.collection("english")
    there = [await library.add(collection, ["The pumps are running", f"n{n}"]) for n in range(8)]
    await library.add(next_one, ["The pumps are running"])
    await library.settle()
    await storage.pool.execute("UPDATE collections SET language = 'german'")
    async with storage.transaction() as holder:
        await holder.executor.execute("LOCK TABLE chunks IN ACCESS EXCLUSIVE MODE")
        step = asyncio.create_task(storage.merge_bm25(0))
        async with asyncio.timeout(20):
            while not await storage.pool.fetchval(waiting):  # noqa: ASYNC110 - what it waits for has no event
                await asyncio.sleep(0.01)
        await holder.executor.execute("DELETE FROM documents WHERE uid = ANY($1)", there[:gone])
    await step
    for _ in range(5):
        assert await storage.pool.fetchval("SELECT bm25_chunk_count($1)", collection) == 2 * (8 - gone)
        await storage.merge_bm25(0)
    assert not await storage.merge_bm25(0), "the work has an end"
    assert len(await storage.bm25.search([collection], parse_query("pumps"), 50)) == 8 - gone
    languages = await storage.pool.fetch("SELECT DISTINCT language FROM bm25_segments")
    assert [row["language"] for row in languages] == ["german"]


async def test_deletions_of_chunks_in_no_segment_have_an_end(storage: Storage) -> None:
    library = await Library.make(storage)
    collection = await library.collection()
    await library.add(collection, ["pump"] * 3)
    gone = list(range(10**9, 10**9 + 40))
    await storage.pool.execute(
        "INSERT INTO bm25_deletions (collection_id, chunk_ids) VALUES ($1, $2)", collection, gone
    )
    for _ in range(5):
        await storage.merge_bm25(0)
    assert not await storage.merge_bm25(0)
    assert await storage.pool.fetchval("SELECT bm25_chunk_count($1)", collection) == 3


async def test_merges_beside_writers_and_readers(storage: Storage) -> None:
    library, definition = await Library.make(storage), Definition(storage)
    collection = await library.collection()
    there = [await library.add(collection, [f"pump valve n{n}", "pump water"]) for n in range(16)]
    done = asyncio.Event()

    async def write() -> None:
        for number in range(24):
            await library.delete(there.pop(number % len(there)))
            there.append(await library.add(collection, [f"pump m{number}"] * 3))
        done.set()

    async def merge() -> None:
        while not done.is_set():
            await storage.merge_bm25(0)

    async def read() -> None:
        while not done.is_set():
            assert len(await storage.bm25.search([collection], parse_query("pump"), 200)) >= 24

    await asyncio.gather(write(), merge(), merge(), read())
    await library.settle()
    for query in ("pump valve", "m3 m4 water"):
        expected = await definition.search([collection], parse_query(query), 200)
        assert_same(await storage.bm25.search([collection], parse_query(query), 200), expected)
    assert await storage.pool.fetchval("SELECT count(*) FROM bm25_segments WHERE NOT live") == 0


async def test_a_collection_that_goes_while_it_is_merged(storage: Storage) -> None:
    library = await Library.make(storage)
    for _ in range(3):
        collection = await library.collection()
        for number in range(8):
            await library.add(collection, [f"pump n{number}"] * 20)
        await asyncio.gather(storage.merge_bm25(0), library.delete_collection(collection))
    await library.settle()
    assert await storage.pool.fetchval("SELECT count(*) FROM bm25_pages") == 0


async def test_one_process_at_a_time_does_the_background_work(storage: Storage, database: str) -> None:
    library = await Library.make(storage)
    await library.add(await library.collection(), ["pump"])
    other = await open_storage(database)
    holder = await asyncpg.connect(database)
    await holder.execute("SELECT pg_advisory_lock($1)", merging.LOCK)
    assert not await other.merge_bm25(0)
    # As when the process that was at it is killed: the lock ends with its connection; what it had not finished goes.
    await holder.execute(
        "INSERT INTO bm25_segments (collection_id, language, live, chunk_count, ids, lengths) "
        "SELECT id, 'simple', false, 1, '', '' FROM collections"
    )
    await holder.close()
    assert await other.merge_bm25(0)
    assert await storage.pool.fetchval("SELECT count(*) FROM bm25_segments") == 1
    await other.close()


async def test_room_that_merges_leave_is_given_back(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "ROOM", 0)
    library = await Library.make(storage)
    collection = await library.collection()
    for start in range(0, 27_000, 3_000):
        await library.add(
            collection, [" ".join(f"w{(n * k) % 9973}" for k in range(1, 40)) for n in range(start, start + 3_000)]
        )
    await library.settle()
    row = await storage.pool.fetchrow(load_statements()["bm25_page.sizes"].text)
    assert row
    assert row["taken"] < 2 * row["used"], "without packing it is two and a half times as much"
    assert len(await storage.bm25.search([collection], parse_query("w77 w78"), 10)) == 10
