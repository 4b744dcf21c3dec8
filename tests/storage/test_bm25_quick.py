from __future__ import annotations
import random
import pytest
from db import Storage, parse_query
from tests.storage.test_bm25 import Library, passage, lucene_bm25

@pytest.mark.parametrize("seed", range(3))
async def test_quick(storage: Storage, seed: int) -> None:
    rng = random.Random(seed)
    library = await Library.make(storage)
    documents = []
    for n in range(30):
        documents.append(await library.add([passage(rng) for _ in range(rng.randint(1, 40))]))
        if rng.random() < 0.3:
            gone = documents.pop(rng.randrange(len(documents)))
            assert await storage.documents.delete(library.user, gone)
        if rng.random() < .4: await storage.merge_bm25(0)
        passages = await library.passages()
        if not passages: continue
        for _ in range(3):
            query = passage(rng)
            expected = lucene_bm25(passages, query)[:10]
            found = await storage.bm25.search([library.key], parse_query(query), 10)
            assert [s.score for s in found] == pytest.approx([score for _, score in expected], abs=1e-6)
            assert dict(found) == pytest.approx(dict(expected), abs=1e-6)
    e = await storage.bm25.explain([library.key], parse_query(query), 10)
    print(e)
    while await storage.merge_bm25(0): pass
    e = await storage.bm25.explain([library.key], parse_query(query), 10)
    print(e)
    print(await storage.pool.fetch("select id, live, chunk_count from bm25_segments"), await storage.pool.fetch("select * from bm25_deletions"))
