"""What tests share: one PostgreSQL, one running platform; a database of its own for each test that asks."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from db import EmbeddedPostgres, Storage, apply_schema, open_storage
from tests.platform import Platform, running_platform

# How long an example takes says of a busy machine that it is busy.
settings.register_profile("penstock", deadline=None)
settings.load_profile("penstock")

_numbers = itertools.count()


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    """The address of a server whose database `penstock` has the schema and nothing else."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
    await server.start()
    await apply_schema(server.url)
    yield server.url
    await server.stop()


@pytest.fixture
async def database(postgres: str) -> AsyncGenerator[str]:
    """The address of a database of the test's own, copied from the one with the schema."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(postgres.replace("/penstock?", "/postgres?"))
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE penstock")
    yield postgres.replace("/penstock?", f"/{name}?")
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def storage(database: str) -> AsyncGenerator[Storage]:
    opened = await open_storage(database)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """The whole platform with its administrator logged in."""
    home: Path = tmp_path_factory.mktemp("home")
    with running_platform(home) as running:
        running.begin()
        running.key = running.result("create_api_key", {"title": "tests"})["api_key"]
        yield running
