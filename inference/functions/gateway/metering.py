"""What was used, kept in sums and written about once a second, off the path of any answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from db import HourOfUse, Storage
from inference.errors import InvalidInput, PenstockError
from inference.functions.context import Caller
from inference.functions.gateway.tokens import Tokens

_log = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
_HOUR = 3600
_MOST_ROWS = 20_000

Tell = Callable[[str, int, int], None]
"""Told a model, the tokens that it was given and those that it wrote, for the metrics of the process."""


@dataclass(slots=True)
class _Sum:
    requests: int = 0
    failed: int = 0
    estimated: int = 0
    given: int = 0
    written: int = 0
    cached: int = 0

    def add(self, other: _Sum) -> None:
        self.requests += other.requests
        self.failed += other.failed
        self.estimated += other.estimated
        self.given += other.given
        self.written += other.written
        self.cached += other.cached


_Key = tuple[int, int, UUID | None, str]


class Meter:
    """Sums up by hour, user, key and model. A process that is killed loses what came since its last write: a second of
    it, or what came while the database did not answer."""

    def __init__(self, storage: Storage, tell: Tell | None = None) -> None:
        self._storage, self._tell = storage, tell
        self._sums: dict[_Key, _Sum] = {}
        self._task = asyncio.create_task(self._flush_by_the_clock())

    def add(self, caller: Caller, model: str, tokens: Tokens, *, failed: bool) -> None:
        """One request has ended."""
        key = (int(time.time()) // _HOUR, caller.key, caller.api_key, model)
        found = self._sums.get(key)
        if found is None:
            if len(self._sums) >= _MOST_ROWS:
                return  # the database has been gone for long, and has been complained of
            found = self._sums[key] = _Sum()
        found.requests += 1
        found.failed += failed
        found.estimated += tokens.estimated
        found.given += tokens.given
        found.written += tokens.written
        found.cached += tokens.cached

    async def flush(self) -> None:
        """Writes what there is. Raises what the database raises, and keeps it then, unless it takes it never."""
        if not self._sums:
            return
        sums, self._sums = self._sums, {}
        rows = [
            HourOfUse(
                datetime.fromtimestamp(hour * _HOUR, UTC), user, key, model,
                one.requests, one.failed, one.estimated, one.given, one.written, one.cached,
            )
            for (hour, user, key, model), one in sums.items()
        ]  # fmt: skip
        try:
            await self._storage.usage.add(rows)
        except InvalidInput:
            raise
        except BaseException:
            for key, one in sums.items():
                self._sums.setdefault(key, _Sum()).add(one)
            raise
        for (_, _, _, model), one in sums.items():
            if self._tell:
                self._tell(model, one.given, one.written)

    async def close(self) -> None:
        """Writes the rest."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        try:
            await self.flush()
        except PenstockError as error:
            _log.error("what was used in the last second could not be written: %s", error)

    async def _flush_by_the_clock(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except Exception as error:
                _log.error("what was used cannot be written now: %s", error)
