"""Users and their API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.table import Table
from inference.models.accounts import ApiKey, User


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the database knows it. `id` is the row's own and never leaves the process."""

    id: int
    user_id: str
    username: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whom an API key speaks for, and how far. `scopes` None: all that the user may."""

    account: Account
    key: UUID
    scopes: frozenset[str] | None
    expires_at: datetime | None


class Accounts(Table):
    """Storage of users and API keys."""

    async def any_exist(self) -> bool:
        return await self._value("user.exists_any")

    async def lock(self) -> None:
        """Lets one transaction at a time decide who is first."""
        await self._run("user.lock")

    async def create(self, uid: UUID, username: str, password_hash: str, *, is_admin: bool) -> User | None:
        """The new user, or None when the name is taken."""
        row = await self._row("user.create", uid, username, password_hash, is_admin)
        return User(**row) if row else None

    async def credentials(self, username: str) -> tuple[Account, str] | None:
        """The account and the password's hash."""
        row = await self._row("user.credentials", username)
        return (
            (Account(row["id"], row["user_id"], row["username"], row["is_admin"]), row["password_hash"])
            if row
            else None
        )

    async def by_uid(self, uid: UUID) -> Account | None:
        row = await self._row("user.by_uid", uid)
        return Account(**row) if row else None


class ApiKeys(Table):
    """Storage of API keys, which are known here by their hash alone."""

    async def create(
        self,
        uid: UUID,
        user: int,
        title: str,
        key_hash: bytes,
        preview: str,
        scopes: list[str] | None,
        expires_at: datetime | None,
    ) -> None:
        await self._run("api_key.create", uid, user, title, key_hash, preview, scopes, expires_at)

    async def list(self, user: int) -> list[ApiKey]:
        return [ApiKey(**row) for row in await self._rows("api_key.list", user)]

    async def delete(self, user: int, uid: UUID) -> bool:
        return await self._row("api_key.delete", user, uid) is not None

    async def holder(self, key_hash: bytes) -> KeyHolder | None:
        row = await self._row("api_key.authenticate", key_hash)
        if row is None:
            return None
        scopes = None if row["scopes"] is None else frozenset[str](row["scopes"])
        account = Account(row["id"], row["user_id"], row["username"], row["is_admin"])
        return KeyHolder(account, row["key_uid"], scopes, row["expires_at"])

    async def touch(self, key_hashes: list[bytes]) -> None:
        await self._run("api_key.touch", key_hashes)
