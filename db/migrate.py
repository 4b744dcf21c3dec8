"""Brings a database to the schema of this version: every file is idempotent, so all run whenever one changed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from db.errors import DatabaseUnsuitable
from db.pool import connect
from db.statements import load_statements, schema_statements
from inference.models.common import Fault

if TYPE_CHECKING:
    from db.pool import Connection

# Any constant will do, as long as every Penstock process uses the same.
_LOCK = 7_364_091_250
_OLDEST_POSTGRES = 15

# Tells what this release finds wrong with a stored toolchain.
Check = Callable[[dict[str, Any]], list[Fault]]

_log = logging.getLogger(__name__)


def schema_hash() -> str:
    """Changes with any schema file, with the queue's own schema, and with the release: toolchains that fitted the last
    one are looked at anew."""
    digest = hashlib.sha256(f"{version('pgqueuer')} {version('penstock')}".encode())
    for statement in schema_statements():
        digest.update(statement.text.encode())
    return digest.hexdigest()


async def apply_schema(url: str, check: Check | None = None) -> bool:
    """Applies the schema under an advisory lock unless it is there already; returns whether it did.

    Before the new schema is committed, `check` is called with the latest and the published version of every stored
    toolchain; what it finds is logged and kept. It must not raise.

    Raises DatabaseUnreachable, or DatabaseUnsuitable when the server is too old or has no pgvector.
    """
    connection = await connect(url)
    try:
        wanted = schema_hash()
        if await _applied(connection) == wanted:
            return False
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            if await _applied(connection) == wanted:
                return False
            await _apply(connection, wanted, check)
            return True
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
    finally:
        await connection.close()


async def _applied(connection: Connection) -> str | None:
    if await connection.fetchval("SELECT to_regclass('penstock_schema') IS NULL"):
        return None
    return await connection.fetchval(load_statements()["schema.current"].text)


async def _apply(connection: Connection, wanted: str, check: Check | None) -> None:
    # A start with nothing to do, which is nearly every start, does without the queue's own machinery.
    from pgqueuer.db import AsyncpgDriver  # noqa: PLC0415
    from pgqueuer.queries import Queries  # noqa: PLC0415

    number = connection.get_server_version()
    if number.major < _OLDEST_POSTGRES:
        raise DatabaseUnsuitable(
            f"PostgreSQL {number.major} is too old: Penstock needs {_OLDEST_POSTGRES} or newer with pgvector. "
            "Leave DATABASE_URL empty to use the embedded one."
        )
    await connection.execute("SET client_min_messages = warning")
    queue = Queries(AsyncpgDriver(connection))
    async with connection.transaction():
        for statement in schema_statements():
            if statement.schema_kind == "extension":
                await _create_extension(connection, statement.text, number.major)
            else:
                await connection.execute(statement.text)
        if not await queue.schema_is_installed():
            await queue.install()
        if check:
            await _check_toolchains(connection, check)
    # Outside: a new value of an enum cannot be used in the transaction that adds it.
    await queue.upgrade()
    await connection.execute(load_statements()["schema.record"].text, wanted)


async def _check_toolchains(connection: Connection, check: Check) -> None:
    statements = load_statements()
    await connection.execute(statements["toolchain_fault.clear"].text)
    # One at a time: all definitions together may be more than fits in memory.
    async for row in connection.cursor(statements["toolchain_version.in_use"].text, prefetch=10):
        faults = check(orjson.loads(row["definition"]))
        for fault in faults:
            _log.warning(
                "toolchain %s of %s, version %s, does not fit this release: %s: %s",
                row["slug"], row["username"], row["version"], fault.path, fault.message,
            )  # fmt: skip
        if faults:
            paths, messages = [fault.path for fault in faults], [fault.message for fault in faults]
            await connection.execute(
                statements["toolchain_fault.create"].text, row["toolchain_id"], row["version"], paths, messages
            )


async def _create_extension(connection: Connection, text: str, major: int) -> None:
    way_out = (
        f"Install pgvector >= 0.7 for PostgreSQL {major} (Debian, Ubuntu: `apt install postgresql-{major}-pgvector`) "
        "and run `CREATE EXTENSION vector` in this database as a superuser, or leave DATABASE_URL empty to use the "
        "embedded database."
    )
    try:
        await connection.execute(text)
    except (asyncpg.FeatureNotSupportedError, asyncpg.UndefinedFileError) as error:
        raise DatabaseUnsuitable(f"This PostgreSQL has no pgvector. {way_out}") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise DatabaseUnsuitable(f"This user may not add pgvector to the database. {way_out}") from error
    if await connection.fetchval("SELECT to_regtype('halfvec') IS NULL"):
        raise DatabaseUnsuitable(f"This PostgreSQL's pgvector is too old: it has no halfvec. {way_out}")
