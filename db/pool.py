"""Connections: how they are made, and what every one of them understands."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import urlsplit

import asyncpg
import orjson

from db.errors import DatabaseUnreachable
from db.statements import load_statements
from inference.errors import InvalidInput

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
    Borrowed: TypeAlias = PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]

# Of a process. Beyond two a core, statements wait for a core instead of for the disk (PostgreSQL's wiki, "Number Of
# Database Connections"), and each new connection plans anew what the others have planned.
MOST_CONNECTIONS = min(10, max(4, 2 * (os.cpu_count() or 1)))

# pgvector: a walk through a graph goes on when a filter has taken too many of what it found. jit costs more than it
# gives on short queries.
SESSION = {"hnsw.iterative_scan": "relaxed_order", "jit": "off", "timezone": "UTC"}


async def prepare(connection: Connection) -> None:
    """Teaches a new connection JSON as Python objects and `halfvec` as its binary form."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=json_text, decoder=orjson.loads, format="text"
        )
    await connection.set_type_codec("halfvec", schema="public", encoder=_halfvec, decoder=bytes, format="binary")
    # asyncpg knows no array beforehand, and asks for each when it first comes.
    await connection.prepare(load_statements()["schema.array_types"].text)


# The escape of NUL. Behind an escaped backslash `u0000` is plain text: a document that writes about the escape.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def json_text(value: Any) -> str:
    """A value as PostgreSQL takes it."""
    # PostgreSQL's text has no NUL; in JSON it arrives as an escape that jsonb refuses.
    text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text


def kept_json(value: Any) -> str:
    """As `json_text`, for what others made. Raises InvalidInput when it is not JSON."""
    try:
        return json_text(value)
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"This cannot be kept as JSON: {error}.") from None


def _halfvec(halves: bytes) -> bytes:
    """`halves`: big-endian float16, as numpy's `>f2`. The wire form is int16 length, int16 zero, then the halves."""
    return struct.pack(">HH", len(halves) // 2, 0) + halves


_NOT_ASKED = SimpleNamespace(name="kept")
"""In place of the statement that asked: asyncpg looks at its name."""


async def _leave(connection: Connection) -> None:
    """What is sent when a connection goes back: nothing. asyncpg has ended its transaction by then; its own commands
    beside that undo what no statement of ours does (session settings, locks of a session, cursors that outlive their
    transaction), and would double the round trips."""


async def open_pool(url: str, *, max_size: int = MOST_CONNECTIONS, session: Mapping[str, str] | None = None) -> Pool:
    """A pool whose connections have been prepared, with further settings of the `session`. Raises
    DatabaseUnreachable."""
    try:
        return await asyncpg.create_pool(
            url,
            connection_class=_of_one_database(),
            min_size=1,
            max_size=max_size,
            max_inactive_connection_lifetime=60,
            init=prepare,
            reset=_leave,
            server_settings={**SESSION, **(session or {})},
        )
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise unreachable(url, error) from error


def _of_one_database() -> type[Connection]:
    """Connections that tell each other what types there are: the question takes PostgreSQL longer to plan than all else
    that a new connection does."""
    kept: dict[frozenset[int], Any] = {}

    class OfOneDatabase(asyncpg.Connection):
        async def _introspect_types(self, typeoids: Iterable[int], timeout: float | None) -> tuple[Any, Any]:
            asked = frozenset(typeoids)
            if asked in kept:
                return kept[asked], _NOT_ASKED
            types, statement = await cast(Any, super())._introspect_types(typeoids, timeout)
            kept[asked] = types
            return types, statement

    return OfOneDatabase


async def connect(url: str) -> Connection:
    """One bare connection. Raises DatabaseUnreachable."""
    try:
        return await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise unreachable(url, error) from error


def unreachable(url: str, error: Exception) -> DatabaseUnreachable:
    parts = urlsplit(url)
    where = parts.hostname or "the local socket"
    return DatabaseUnreachable(f"PostgreSQL at {where} does not answer: {error}. Check DATABASE_URL and that it runs.")
