"""tantivy and bm25s in a process that is told what to do, in their own environment:

python -m inference.evaluation.bm25.peer_process <file of chunks> <folder>
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from inference.evaluation.orders import obey

_LIMIT = 10
_WRITER_BYTES = 128 << 20


class Peers:
    """tantivy grows its index on disk; bm25s makes its own anew, in memory, when it is asked to."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path, self._folder = path, folder
        self._tantivy: Any = import_module("tantivy")
        schema = self._tantivy.SchemaBuilder()
        # Positions, as ours has them; the text lies elsewhere, as ours does.
        schema.add_text_field("body", stored=False, tokenizer_name="whitespace", index_option="position")
        schema.add_integer_field("id", stored=False, fast=True)
        folder.mkdir(exist_ok=True)
        self._index = self._tantivy.Index(schema.build(), path=str(folder))
        self._count = 0
        self._bm25s: Any = None

    async def grow(self, size: int) -> float:
        """Adds chunks until there are so many; seconds, merges included."""
        began = time.perf_counter()
        writer = self._index.writer(_WRITER_BYTES, 1)
        for number, chunk in enumerate(self._lines(self._count, size), self._count):
            writer.add_document(self._tantivy.Document(body=chunk, id=number))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._count = size
        return time.perf_counter() - began

    async def ask(self, queries: list[str]) -> dict[str, Any]:
        """Milliseconds of each query, the ten best chunks, and of CPU time on average."""
        searcher, took = self._index.searcher(), list[float]()
        before = time.process_time()
        for query in queries:
            began = time.perf_counter()
            found = searcher.search(self._index.parse_query(query, ["body"]), _LIMIT, count=False)
            assert found.hits
            took.append((time.perf_counter() - began) * 1000)
        return {"took": took, "cpu": (time.process_time() - before) * 1000 / len(queries)}

    async def size(self) -> float:
        """Megabytes of the index."""
        return sum(file.stat().st_size for file in self._folder.iterdir()) / 1e6

    async def index_bm25s(self, size: int) -> float:
        """Seconds to index as many chunks."""
        bm25s: Any = import_module("bm25s")
        began = time.perf_counter()
        self._bm25s = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._bm25s.index([line.split() for line in self._lines(0, size)], show_progress=False)
        return time.perf_counter() - began

    async def ask_bm25s(self, queries: list[str]) -> dict[str, Any]:
        """Milliseconds and the ten best scores of each query."""
        took, scores = list[float](), list[list[float]]()
        for query in queries:
            began = time.perf_counter()
            _, found = self._bm25s.retrieve([query.split()], k=_LIMIT, show_progress=False)
            took.append((time.perf_counter() - began) * 1000)
            scores.append([float(score) for score in found[0]])
        return {"took": took, "scores": scores}

    async def forget_bm25s(self) -> None:
        self._bm25s = None

    def _lines(self, first: int, last: int) -> Iterator[str]:
        with self._path.open() as file:
            yield from (line.rstrip("\n") for line in islice(file, first, last))


async def main(path: Path, folder: Path) -> None:
    """Obeys until stdin ends."""
    peers = Peers(path, folder)
    await obey(
        {
            "grow": peers.grow, "ask": peers.ask, "size": peers.size, "index_bm25s": peers.index_bm25s,
            "ask_bm25s": peers.ask_bm25s, "forget_bm25s": peers.forget_bm25s,
        }
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
