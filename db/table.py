"""What the storage classes have in common: they run named statements on a pool or in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from db.errors import translated
from db.statements import load_statements

if TYPE_CHECKING:
    import asyncpg

    from db.pool import Borrowed, Connection, Pool

    Executor: TypeAlias = Pool | Connection | Borrowed


class Table:
    """Runs the statements of `db/sql` by key. Subclasses give each a typed function."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._statements = load_statements()

    async def _rows(self, key: str, *arguments: Any) -> list[asyncpg.Record]:
        with translated(key):
            return await self._executor.fetch(self._statements[key].text, *arguments)

    async def _row(self, key: str, *arguments: Any) -> asyncpg.Record | None:
        with translated(key):
            return await self._executor.fetchrow(self._statements[key].text, *arguments)

    async def _value(self, key: str, *arguments: Any) -> Any:
        with translated(key):
            return await self._executor.fetchval(self._statements[key].text, *arguments)

    async def _run(self, key: str, *arguments: Any) -> None:
        with translated(key):
            await self._executor.execute(self._statements[key].text, *arguments)
