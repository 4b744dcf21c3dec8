"""An upgrade looks at stored toolchains before its schema is kept."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from db import Check, Storage, apply_schema
from inference.composer import check_stored
from inference.models.common import Fault
from inference.models.toolchain import VersionFault


async def owner(storage: Storage) -> int:
    uid = uuid7()
    await storage.accounts.create(uid, "ann", "hash", is_admin=False)
    account = await storage.accounts.by_uid(uid)
    assert account
    return account.id


async def save(storage: Storage, user: int, slug: str, *titles: str) -> None:
    for title in titles:
        async with storage.transaction() as work:
            await work.toolchains.save(user, slug, uuid7().bytes * 2, {"id": slug, "title": title})


async def upgrade(storage: Storage, database: str, check: Check) -> None:
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")
    assert await apply_schema(database, check)


def old(definition: dict[str, Any]) -> list[Fault]:
    """Finds two faults in every toolchain whose title says so."""
    if not definition["title"].startswith("old"):
        return []
    return [Fault(path="nodes[0]", message=f"{definition['title']} ‘fault’"), Fault(path="$", message="another")]


def nothing(_: dict[str, Any]) -> list[Fault]:
    return []


async def test_what_is_wrong_is_logged_and_kept(
    storage: Storage, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    user = await owner(storage)
    await save(storage, user, "draft", "old 1", "old 2", "old 3")
    await save(storage, user, "pinned", "old 1", "old 2", "new")
    await storage.toolchains.publish(user, "pinned", 2)
    await save(storage, user, "well", "old 1", "new")
    with caplog.at_level(logging.WARNING):
        await upgrade(storage, database, old)
    lines = [record.getMessage() for record in caplog.records if record.name == "db.migrate"]
    assert len(lines) == 4, "a line for each fault of each version that is in use"
    assert "toolchain draft of ann, version 3, does not fit this release: nodes[0]: old 3 ‘fault’" in lines[0]
    listed = {entry.id: entry.faults for entry in await storage.toolchains.list(user)}
    assert listed == {
        "draft": [
            VersionFault(version=3, path="nodes[0]", message="old 3 ‘fault’"),
            VersionFault(version=3, path="$", message="another"),
        ],
        "pinned": [
            VersionFault(version=2, path="nodes[0]", message="old 2 ‘fault’"),
            VersionFault(version=2, path="$", message="another"),
        ],
        "well": [],
    }


async def test_a_version_that_is_put_right_has_none(storage: Storage, database: str) -> None:
    user = await owner(storage)
    await save(storage, user, "draft", "old")
    await upgrade(storage, database, old)
    await save(storage, user, "draft", "new")
    assert [entry.faults for entry in await storage.toolchains.list(user)] == [[]]


async def test_the_next_upgrade_begins_anew(storage: Storage, database: str) -> None:
    user = await owner(storage)
    await save(storage, user, "draft", "old")
    await upgrade(storage, database, old)
    await upgrade(storage, database, old)
    assert [len(entry.faults) for entry in await storage.toolchains.list(user)] == [2]
    await upgrade(storage, database, nothing)
    assert [entry.faults for entry in await storage.toolchains.list(user)] == [[]]


async def test_it_is_looked_at_before_the_schema_is_committed(storage: Storage, database: str) -> None:
    await save(storage, await owner(storage), "draft", "old")
    await storage.pool.execute("DROP TABLE deliveries, webhooks")
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")

    class Stop(Exception):
        pass

    def stop(_: dict[str, Any]) -> list[Fault]:
        raise Stop

    with pytest.raises(Stop):
        await apply_schema(database, stop)
    assert await storage.pool.fetchval("SELECT to_regclass('webhooks') IS NULL"), "nothing of it is kept"
    assert await apply_schema(database, old), "the next start does it again"
    assert await storage.pool.fetchval("SELECT count(*) FROM toolchain_faults") == 2


async def test_without_anything_new_nothing_is_looked_at(storage: Storage, database: str) -> None:
    await save(storage, await owner(storage), "draft", "old")

    def never(_: dict[str, Any]) -> list[Fault]:
        raise AssertionError("a start with nothing to do looks at no toolchain")

    assert not await apply_schema(database, never)


async def test_a_toolchain_of_a_release_before_versions_were_published(storage: Storage, database: str) -> None:
    """The column and the tables of this release come into a database that has toolchains already."""
    user = await owner(storage)
    await save(storage, user, "draft", "one", "two")
    await storage.pool.execute("ALTER TABLE toolchains DROP COLUMN published_version")
    await storage.pool.execute("DROP TABLE toolchain_faults, deliveries, schedules, webhooks")
    await upgrade(storage, database, old)
    (entry,) = await Storage(storage.pool).toolchains.list(user)
    assert (entry.version, entry.published_version, entry.faults) == (2, None, [])


async def test_the_composers_check(storage: Storage, database: str, caplog: pytest.LogCaptureFixture) -> None:
    user = await owner(storage)
    strange: list[Any] = [
        {"id": "a", "title": "A", "nodes": [{"id": "x", "kind": "gone"}], "edges": []},
        {"id": "b", "title": "B", "nodes": [], "edges": [], "removed_field": 1},
        [],
        "text",
        5,
    ]
    for number, definition in enumerate(strange):
        async with storage.transaction() as work:
            await work.toolchains.save(user, f"t{number}", uuid7().bytes * 2, definition)
    with caplog.at_level(logging.WARNING):
        await upgrade(storage, database, check_stored)
    kept = await storage.pool.fetch("SELECT DISTINCT toolchain_id FROM toolchain_faults")
    assert len(kept) == len(strange)
    assert check_stored({"id": "ok", "title": "Ok", "nodes": [{"id": "j", "kind": "join"}], "edges": [
        {"from": "start", "to": "j"}, {"from": "j", "to": "end"}]}) == []  # fmt: skip


async def test_faults_go_with_their_toolchain_and_its_owner(storage: Storage, database: str) -> None:
    user = await owner(storage)
    await save(storage, user, "one", "old")
    await save(storage, user, "two", "old")
    await upgrade(storage, database, old)
    assert await storage.toolchains.delete(user, "one")
    assert await storage.pool.fetchval("SELECT count(*) FROM toolchain_faults") == 2
    await storage.pool.execute("DELETE FROM users WHERE id = $1", user)
    assert await storage.pool.fetchval("SELECT count(*) FROM toolchain_faults") == 0


async def test_two_processes_that_start_at_once_look_once(storage: Storage, database: str) -> None:
    await save(storage, await owner(storage), "draft", "old")
    await storage.pool.execute("UPDATE penstock_schema SET hash = 'of an older version'")
    looked: list[str] = []

    def look(definition: dict[str, Any]) -> list[Fault]:
        looked.append(definition["title"])
        return []

    applied = await asyncio.gather(*(apply_schema(database, look) for _ in range(3)))
    assert sorted(applied) == [False, False, True]
    assert looked == ["old"]
