"""Vectors of several embedders: written, found again, moved into the graph, replaced; and homes from before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import numpy as np
import pytest
from numpy.typing import NDArray

from db import Bounds, Storage, apply_schema
from db.vectors import OUTSIDE_GRAPH

Rows = NDArray[np.float32]
EVERYTHING = Bounds()


def unit(rows: NDArray[Any]) -> Rows:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def made(count: int, dimensions: int, seed: int) -> Rows:
    """Unit vectors around a few centres, as texts lie around their subjects."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((20, dimensions))
    return unit(centres[rng.integers(20, size=count)] + 0.7 * rng.standard_normal((count, dimensions)))


def bits(row: NDArray[Any]) -> bytes:
    return row.astype(">f2").tobytes()


class Shelf:
    """A user with collections, whose chunks are numbers without texts."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def fill(self, *chunks: int, per_document: int = 10) -> list[list[int]]:
        """Collections 1, 2, … with so many chunks; their ids."""
        pool = self.storage.pool
        await pool.execute(
            "INSERT INTO users (uid, username, password_hash) "
            "SELECT gen_random_uuid(), name, 'x' FROM unnest('{ann,bob}'::text[]) name"
        )
        ids: list[list[int]] = []
        for count in chunks:
            collection = await pool.fetchval(
                "INSERT INTO collections (uid, user_id, name, embedder) VALUES (gen_random_uuid(), 1, 'c', 'm') "
                "RETURNING id"
            )
            documents = [
                row["id"]
                for row in await pool.fetch(
                    "INSERT INTO documents (uid, collection_id, name, content_type, size, sha256) "
                    "SELECT gen_random_uuid(), $1, 'd', 't', 1, 'x' FROM generate_series(1, $2) RETURNING id",
                    collection, -(-count // per_document),
                )
            ]  # fmt: skip
            rows = await pool.fetch(
                "INSERT INTO chunks (uid, document_id, collection_id, ordinal, page, start_offset, page_end, "
                "end_offset, token_count, headings, text, text_hash) "
                "SELECT gen_random_uuid(), ($1::bigint[])[1 + i / $4], $2, i, 1, 0, 1, 1, 1, '{}', 'text ' || i, "
                "sha256(convert_to('text ' || i, 'UTF8')) FROM generate_series(0, $3 - 1) i RETURNING id",
                documents, collection, count, per_document,
            )  # fmt: skip
            ids.append([row["id"] for row in rows])
        return ids

    async def put(self, embedder: int, collection: int, ids: Sequence[int], rows: Rows) -> None:
        async with self.storage.transaction() as work:
            await work.vectors.add(embedder, collection, ids, rows)


@pytest.fixture
def shelf(storage: Storage) -> Shelf:
    return Shelf(storage)


def nearest(rows: Rows, query: NDArray[Any], limit: int) -> list[int]:
    """Places by cosine, computed here."""
    return np.argsort(-(rows.astype(np.float16).astype(np.float32) @ query), kind="stable")[:limit].tolist()


async def test_what_is_put_in_is_found_by_its_nearest(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(300)
    vectors, rows = shelf.storage.vectors, made(300, 24, 1)
    embedder = await vectors.embedder("m", 24, "f")
    await shelf.put(embedder, 1, ids, rows)
    stored = await shelf.storage.pool.fetch("SELECT vector FROM embeddings ORDER BY chunk_id")
    assert [row["vector"][4:] for row in stored] == [bits(row) for row in rows]
    for query in made(20, 24, 2):
        exact = await vectors.nearest_exact(embedder, [1], bits(query), 10, EVERYTHING)
        assert [score for _, score in exact] == pytest.approx(
            sorted((rows.astype(np.float16).astype(np.float32) @ query).tolist(), reverse=True)[:10], abs=2e-3
        )
        assert [score for _, score in exact] == sorted((score for _, score in exact), reverse=True)
        assert len({chunk for chunk, _ in exact} & {ids[place] for place in nearest(rows, query, 10)}) >= 9
        assert await vectors.nearest_in_graph(embedder, 24, [1], bits(query), 10, EVERYTHING) == exact


async def test_embedders_of_any_length_side_by_side(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(40)
    vectors = shelf.storage.vectors
    for length in (1, 3, 384, 768, 3072, 4001):
        embedder = await vectors.embedder(f"m{length}", length, "f")
        rows = made(40, length, length)
        await shelf.put(embedder, 1, ids, rows)
        found = await vectors.nearest_exact(embedder, [1], bits(rows[7]), 40, EVERYTHING)
        assert len(found) == 40
        assert found[0][1] == pytest.approx(1, abs=2e-3)
        await shelf.storage.pool.execute("UPDATE embeddings SET in_graph = true WHERE embedder_id = $1", embedder)
        if length <= 4000:
            walked = await vectors.nearest_in_graph(embedder, length, [1], bits(rows[7]), 40, EVERYTHING)
            assert dict(walked) == pytest.approx(dict(found), abs=1e-6)


async def test_a_vector_of_zeros_is_near_to_nothing(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(3)
    vectors = shelf.storage.vectors
    embedder = await vectors.embedder("m", 3, "f")
    await shelf.put(embedder, 1, ids, np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32))
    query = bits(np.array([1, 0, 0], np.float32))
    assert [c for c, _ in await vectors.nearest_exact(embedder, [1], query, 9, EVERYTHING)] == ids[1:]
    nothing = bits(np.zeros(3, np.float32))
    assert await vectors.nearest_exact(embedder, [1], nothing, 9, EVERYTHING) == []
    assert await vectors.nearest_in_graph(embedder, 3, [1], nothing, 9, EVERYTHING) == []


async def test_an_embedder_is_known_by_name_length_and_fingerprint(storage: Storage) -> None:
    vectors = storage.vectors
    first = await vectors.embedder("m", 8, "")
    assert await vectors.embedder("m", 8, "f1") == first, "one without a fingerprint takes the first"
    assert await vectors.embedder("m", 8, "f1") == first
    others = {await vectors.embedder(*each) for each in (("m", 8, "f2"), ("m", 9, "f1"), ("n", 8, "f1"))}
    assert len(others | {first}) == 4
    many = await asyncio.gather(*(vectors.embedder("new", 5, "f") for _ in range(8)))
    assert len(set(many)) == 1, "many at once make one"


async def test_bounds_hold_in_both_ways(shelf: Shelf) -> None:
    one, two = await shelf.fill(200, 100)
    vectors, rows = shelf.storage.vectors, made(300, 16, 3)
    embedder = await vectors.embedder("m", 16, "f")
    await shelf.put(embedder, 1, one, rows[:200])
    await shelf.put(embedder, 2, two, rows[200:])
    await shelf.storage.pool.execute("UPDATE embeddings SET in_graph = true WHERE chunk_id % 3 > 0")
    documents = [
        row["document_id"]
        for row in await shelf.storage.pool.fetch(
            "SELECT DISTINCT document_id FROM chunks WHERE id = ANY($1)", one[50:70]
        )
    ]
    for bounds, allowed in (
        (EVERYTHING, {*one}),
        (Bounds(documents=documents), {*one[50:70]}),
        (Bounds(chunks=one[5:9] + two[:3]), {*one[5:9]}),
        (Bounds(barred=one[20:]), {*one[:20]}),
        (Bounds(documents=documents, barred=one[55:]), {*one[50:55]}),
        (Bounds(chunks=[]), set[int]()),
        (Bounds(documents=[]), set[int]()),
    ):
        for query in made(3, 16, 4):
            exact = await vectors.nearest_exact(embedder, [1], bits(query), 300, bounds)
            assert {chunk for chunk, _ in exact} == allowed
            walked = await vectors.nearest_in_graph(embedder, 16, [1], bits(query), 300, bounds)
            assert {chunk for chunk, _ in walked} == allowed


async def test_the_graph_finds_what_is_near_with_filters_and_after_deletes(shelf: Shelf) -> None:
    one, two = await shelf.fill(3000, 1500)
    storage, rows = shelf.storage, made(4500, 64, 5)
    embedder = await storage.vectors.embedder("m", 64, "f")
    await shelf.put(embedder, 1, one, rows[:3000])
    await shelf.put(embedder, 2, two, rows[3000:])
    await storage.pool.execute("UPDATE embeddings SET in_graph = true")

    async def recall(collections: list[int], bounds: Bounds) -> float:
        shares: list[float] = []
        for query in made(40, 64, 6):
            exact = await storage.vectors.nearest_exact(embedder, collections, bits(query), 10, bounds)
            walked = await storage.vectors.nearest_in_graph(embedder, 64, collections, bits(query), 10, bounds)
            shares.append(len({c for c, _ in exact} & {c for c, _ in walked}) / len(exact))
        return sum(shares) / len(shares)

    assert await recall([1, 2], EVERYTHING) >= 0.98
    assert await recall([2], EVERYTHING) >= 0.98
    assert await recall([1, 2], Bounds(chunks=one[:45])) >= 0.98, "one in a hundred"
    assert await recall([1, 2], Bounds(barred=one[:300])) >= 0.98
    await storage.pool.execute("DELETE FROM chunks WHERE id % 2 = 0")
    assert await recall([1, 2], EVERYTHING) >= 0.98


async def test_vectors_settle_when_there_are_many(shelf: Shelf) -> None:
    count = OUTSIDE_GRAPH + 600
    few, many = await shelf.fill(100, count)
    storage = shelf.storage
    embedder = await storage.vectors.embedder("m", 4, "f")
    await shelf.put(embedder, 1, few, made(100, 4, 1))
    await shelf.put(embedder, 2, many, made(count, 4, 1))
    assert await storage.vectors.settle(1, embedder) == 0
    assert sum(await asyncio.gather(*(storage.vectors.settle(2, embedder) for _ in range(3)))) > OUTSIDE_GRAPH
    assert await storage.vectors.settle(2, embedder) == 0
    outside = "SELECT count(*) FROM embeddings WHERE NOT in_graph AND collection_id = $1"
    assert await storage.pool.fetchval(outside, 1) == 100
    assert await storage.pool.fetchval(outside, 2) < 1000


async def test_a_collection_changes_its_embedder_when_all_is_there(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(20)
    storage = shelf.storage
    old, new = await storage.vectors.embedder("m", 8, "f"), await storage.vectors.embedder("n", 12, "f")

    async def used() -> tuple[str, int | None, int | None]:
        (key,) = await storage.collections.resolve(1, None)
        return key.embedder, key.embedder_id, key.dimensions

    assert await used() == ("m", None, None)
    await shelf.put(old, 1, ids, made(20, 8, 1))
    assert await used() == ("m", old, 8), "the first vectors decide"
    assert [chunk for chunk, _ in await storage.vectors.missing(1, new, 5)] == ids[:5]
    await shelf.put(new, 1, ids[:15], made(15, 12, 1))
    assert await storage.vectors.missing(1, new, 9) == [(ids[n], f"text {n}") for n in range(15, 20)]
    assert await storage.vectors.missing(1, new, 9, after=ids[17]) == [(ids[n], f"text {n}") for n in (18, 19)]
    assert not await storage.vectors.switch(1, new)
    await shelf.put(new, 1, ids[15:], made(5, 12, 2))
    assert await storage.vectors.switch(1, new)
    assert await used() == ("n", new, 12)
    await storage.vectors.drop(1, new)
    await storage.vectors.drop(1, old)
    counts = await storage.pool.fetch("SELECT embedder_id, count(*) FROM embeddings GROUP BY 1")
    assert [tuple(row) for row in counts] == [(new, 20)], "those in use stay"


async def test_vectors_of_equal_texts_are_known_to_their_user_only(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(5)
    storage, rows = shelf.storage, made(5, 8, 1)
    embedder, other = await storage.vectors.embedder("m", 8, "f"), await storage.vectors.embedder("n", 8, "f")
    await shelf.put(embedder, 1, ids, rows)
    hashes = [row["text_hash"] for row in await storage.pool.fetch("SELECT text_hash FROM chunks ORDER BY id")]
    known = await storage.vectors.known(1, embedder, [*hashes[:2], hashes[0], b"none"])
    assert set(known) == set(hashes[:2])
    assert np.array_equal(known[hashes[1]], rows[1].astype(np.float16))
    assert await storage.vectors.known(2, embedder, hashes) == {}
    assert await storage.vectors.known(1, other, hashes) == {}


async def test_a_second_vector_of_a_chunk_and_halves_that_are_none(shelf: Shelf) -> None:
    (ids,) = await shelf.fill(2)
    embedder = await shelf.storage.vectors.embedder("m", 3, "f")
    await shelf.put(embedder, 1, ids, made(2, 3, 1))
    with pytest.raises(asyncpg.UniqueViolationError):
        await shelf.put(embedder, 1, ids, made(2, 3, 1))
    await shelf.put(embedder, 1, [], made(1, 3, 1)[:0])


# As it was before there were embedders.
_BEFORE = """
    DROP TABLE embeddings CASCADE;
    ALTER TABLE collections DROP COLUMN embedder_id;
    DROP TABLE embedders;
    CREATE TABLE embeddings (
        chunk_id bigint PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
        collection_id bigint NOT NULL,
        vector halfvec(384) NOT NULL
    );
    CREATE INDEX embeddings_vector ON embeddings USING hnsw (vector halfvec_cosine_ops);
    CREATE INDEX embeddings_collection ON embeddings (collection_id);
    UPDATE penstock_schema SET hash = 'of an older version';
"""


async def test_a_home_from_before_comes_over(shelf: Shelf, database: str) -> None:
    one, _ = await shelf.fill(30, 5)
    storage, rows = shelf.storage, made(30, 384, 1)
    await storage.pool.execute(_BEFORE)
    await storage.pool.executemany(
        "INSERT INTO embeddings (chunk_id, collection_id, vector) VALUES ($1, 1, $2)",
        [(chunk, bits(row)) for chunk, row in zip(one, rows, strict=True)],
    )
    await storage.pool.expire_connections()
    assert await apply_schema(database)
    used, unused = sorted(await storage.collections.resolve(1, None), key=lambda key: key.id)
    assert (used.embedder, used.dimensions, unused.embedder_id) == ("all-MiniLM-L6-v2", 384, None)
    assert used.embedder_id is not None
    assert await storage.vectors.embedder("all-MiniLM-L6-v2", 384, "now known") == used.embedder_id
    for way in (
        storage.vectors.nearest_exact(used.embedder_id, [1], bits(rows[3]), 3, EVERYTHING),
        storage.vectors.nearest_in_graph(used.embedder_id, 384, [1], bits(rows[3]), 3, EVERYTHING),
    ):
        assert (await way)[0] == (one[3], pytest.approx(1, abs=1e-3))
    await shelf.put(used.embedder_id, 2, _, made(5, 384, 2))
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")
    assert await apply_schema(database), "and once more"
    assert await storage.pool.fetchval("SELECT count(*) FROM embeddings") == 35


async def test_a_graph_made_anew_holds_everything(shelf: Shelf) -> None:
    one, two = await shelf.fill(60, 40)
    storage, rows = shelf.storage, made(100, 16, 1)
    embedder = await storage.vectors.embedder("m", 16, "f")
    await shelf.put(embedder, 1, one, rows[:60])
    await shelf.put(embedder, 2, two, rows[60:])
    await storage.vectors.rebuild(embedder)
    assert await storage.pool.fetchval("SELECT bool_and(in_graph) FROM embeddings")
    asked = ([1, 2], bits(rows[3]), 100, EVERYTHING)
    exact = await storage.vectors.nearest_exact(embedder, *asked)
    assert await storage.vectors.nearest_in_graph(embedder, 16, *asked) == exact
