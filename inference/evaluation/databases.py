"""A PostgreSQL server for as long as a measurement in process lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from db import EmbeddedPostgres

PEER = "peer"
"""The peer's database beside ours, `penstock`."""


@contextmanager
def database_server(folder: Path) -> Generator[str]:
    """The address of `penstock` on a server with two empty databases, that and `PEER`."""
    with asyncio.Runner() as runner:
        server = EmbeddedPostgres(folder)
        runner.run(server.start())
        try:
            runner.run(_add_peer(server.url))
            yield server.url
        finally:
            runner.run(server.stop())


async def _add_peer(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {PEER}")
    await connection.close()
