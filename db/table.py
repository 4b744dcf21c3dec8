"""What the storage classes have in common: they run named statements on a pool or in a transaction."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

from db.statements import load_statements
from inference.errors import InvalidInput

if TYPE_CHECKING:
    from db.pool import Borrowed, Connection, Pool

    Executor: TypeAlias = Pool | Connection | Borrowed

_log = logging.getLogger(__name__)


class Table:
    """Runs the statements of `db/sql` by key. Subclasses give each a typed function."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._statements = load_statements()

    async def _rows(self, key: str, *arguments: Any) -> list[asyncpg.Record]:
        with _fitting(key):
            return await self._executor.fetch(self._statements[key].text, *arguments)

    async def _row(self, key: str, *arguments: Any) -> asyncpg.Record | None:
        with _fitting(key):
            return await self._executor.fetchrow(self._statements[key].text, *arguments)

    async def _value(self, key: str, *arguments: Any) -> Any:
        with _fitting(key):
            return await self._executor.fetchval(self._statements[key].text, *arguments)

    async def _run(self, key: str, *arguments: Any) -> None:
        with _fitting(key):
            await self._executor.execute(self._statements[key].text, *arguments)


@contextmanager
def _fitting(key: str) -> Generator[None]:
    """What callers give is checked before it comes here; what no check foresaw is still their error, not ours."""
    try:
        yield
    except asyncpg.DataError as error:
        _log.warning("%s was given a value that does not fit: %s", key, error)
        raise InvalidInput("A value is outside the range that can be kept or compared. Choose another.") from error
