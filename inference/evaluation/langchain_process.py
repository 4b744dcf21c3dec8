"""langchain-postgres' vector store in a process that is told what to do:

python -m inference.evaluation.langchain_process <url>     in the peer's environment
"""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from typing import Any

from inference.evaluation.orders import obey

_TABLE = "chunks"


class Peer:
    """A store on one table, made as the package's documentation makes it."""

    def __init__(self, url: str) -> None:
        self._postgres: Any = import_module("langchain_postgres")
        address = url.replace("postgresql://", "postgresql+asyncpg://")
        self._engine: Any = self._postgres.PGEngine.from_connection_string(address)
        self._store: Any = None

    async def prepare(self, dimensions: int) -> None:
        embeddings: Any = import_module("langchain_core.embeddings").FakeEmbeddings(size=dimensions)
        await self._engine.ainit_vectorstore_table(_TABLE, dimensions)
        self._store = await self._postgres.PGVectorStore.create(self._engine, embeddings, _TABLE)

    async def add(self, texts: list[str], vectors: list[list[float]], at_once: int) -> float:
        """Seconds to add these, so many a call."""
        begun = time.perf_counter()
        for start in range(0, len(texts), at_once):
            some = texts[start : start + at_once]
            await self._store.aadd_embeddings(some, vectors[start : start + at_once], [{} for _ in some])
        return time.perf_counter() - begun


async def _main(url: str) -> None:
    peer = Peer(url)
    await obey({"prepare": peer.prepare, "add": peer.add})


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
