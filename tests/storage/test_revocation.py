"""Keys and users that are gone are known nowhere any more, whichever process heard of them before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import pytest

from db import KeyHolder, Listener, Storage
from inference.errors import NotAuthenticated
from inference.functions import hash_key, new_id
from inference.server.auth import Authenticator

SECRET = "a secret of these tests"


@pytest.fixture
async def processes(storage: Storage, database: str) -> AsyncGenerator[tuple[Authenticator, Authenticator]]:
    """What two server processes know of keys."""
    first, second = Listener(database), Listener(database)
    await first.start()
    await second.start()
    yield Authenticator(storage, first, SECRET), Authenticator(storage, second, SECRET)
    await first.close()
    await second.close()


async def new_key(storage: Storage, name: str) -> tuple[int, UUID, str]:
    """A user's number, a key's id, and the key."""
    assert await storage.accounts.create(new_id(), name, "hash", is_admin=False)
    found = await storage.accounts.credentials(name)
    assert found
    uid, key = new_id(), f"sk-{name}"
    await storage.api_keys.create(uid, found[0].id, "test", hash_key(key), "sk…", None, None)
    return found[0].id, uid, key


async def forgotten(process: Authenticator, key: str) -> None:
    """Returns when the process refuses the key."""
    async with asyncio.timeout(10):
        while True:
            try:
                await process.caller(f"Bearer {key}")
            except NotAuthenticated:
                return
            await asyncio.sleep(0.02)


async def administers(process: Authenticator, key: str, whether: bool) -> None:
    """Returns when the process knows whether the key's user is an administrator."""
    async with asyncio.timeout(10):
        while True:
            caller = await process.caller(f"Bearer {key}")
            if caller and caller.is_admin == whether:
                return
            await asyncio.sleep(0.02)


async def test_a_key(storage: Storage, processes: tuple[Authenticator, Authenticator]) -> None:
    user, uid, key = await new_key(storage, "ann")
    for process in processes:
        caller = await process.caller(f"Bearer {key}")
        assert caller
        assert caller.api_key == uid
    assert await storage.api_keys.delete(user, uid)
    for process in processes:
        await forgotten(process, key)


async def test_a_key_that_is_deleted_while_it_is_looked_up(
    storage: Storage, processes: tuple[Authenticator, Authenticator], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, uid, key = await new_key(storage, "dan")
    await processes[1].caller(f"Bearer {key}")
    touch = storage.api_keys.touch

    async def delete_first(hashes: list[bytes]) -> None:
        monkeypatch.setattr(storage.api_keys, "touch", touch)
        assert await storage.api_keys.delete(user, uid)
        await forgotten(processes[1], key)  # the word has come
        await touch(hashes)

    monkeypatch.setattr(storage.api_keys, "touch", delete_first)
    assert await processes[0].caller(f"Bearer {key}")
    await forgotten(processes[0], key)


async def test_many_requests_with_a_new_key_look_it_up_once(
    storage: Storage, processes: tuple[Authenticator, Authenticator], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, key = await new_key(storage, "fay")
    holder, asked = storage.api_keys.holder, 0

    async def counted(digest: bytes) -> KeyHolder | None:
        nonlocal asked
        asked += 1
        return await holder(digest)

    monkeypatch.setattr(storage.api_keys, "holder", counted)
    callers = await asyncio.gather(*(processes[0].caller(f"Bearer {key}") for _ in range(100)))
    assert {caller.username for caller in callers if caller} == {"fay"}
    assert asked == 1


async def test_a_user(storage: Storage, processes: tuple[Authenticator, Authenticator]) -> None:
    user, _, key = await new_key(storage, "bob")
    for process in processes:
        assert await process.caller(f"Bearer {key}")
    await storage.pool.execute("DELETE FROM users WHERE id = $1", user)
    for process in processes:
        await forgotten(process, key)


async def test_rights_that_are_taken_away(storage: Storage, processes: tuple[Authenticator, Authenticator]) -> None:
    user, _, key = await new_key(storage, "eve")
    await storage.pool.execute("UPDATE users SET is_admin = true WHERE id = $1", user)
    await administers(processes[0], key, True)
    await storage.pool.execute("UPDATE users SET is_admin = false WHERE id = $1", user)
    await administers(processes[0], key, False)
