"""The embedded PostgreSQL and what a kill -9 leaves of it."""

from __future__ import annotations

import asyncio
import subprocess
import time
from pathlib import Path

import asyncpg
import psutil

from db import EmbeddedPostgres
from db.embedded import _prefix  # pyright: ignore[reportPrivateUsage]  # whose account it runs under


def ended_and_not_buried() -> subprocess.Popen[bytes]:
    """A process of the server's account that nobody has waited for."""
    process = subprocess.Popen([*_prefix(), "true"])
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    return process


async def test_a_killed_server_that_is_not_buried_yet_is_in_nobodys_way(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    await server.start()
    await server.stop()
    dead = ended_and_not_buried()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{dead.pid}\n{tmp_path / 'postgres'}\n")
    starting = asyncio.create_task(server.start())
    done, _ = await asyncio.wait({starting}, timeout=0.5)
    dead.wait()
    assert not done, "PostgreSQL would refuse to start"
    await starting
    connection = await asyncpg.connect(server.url)
    await connection.close()
    await server.stop()
