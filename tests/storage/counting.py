"""A function that counts its calls and can be made to hang, and a second process beside the one of the bench."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from db import Listener
from inference.composer import Composer
from inference.functions import Context
from tests.storage.bench import Bench
from tests.unit.composer.agents import AskedFor, Given, register


class Counting:
    """The function `count`: what it was asked, in order. The first `hangs[name]` calls with that name hang."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.hangs: Counter[str] = Counter()
        self.hanging: Counter[str] = Counter()
        self.broken_off: list[str] = []
        self._gate = asyncio.Event()

    @property
    def times(self) -> dict[str, int]:
        """How often each name was asked."""
        return dict(Counter(self.calls))

    async def call(self, _: Context, request: AskedFor) -> Given:
        name = request.query
        self.calls.append(name)
        if self.hangs[name] > 0:
            self.hangs[name] -= 1
            self.hanging[name] += 1
            try:
                await self._gate.wait()
            except asyncio.CancelledError:
                self.broken_off.append(name)
                raise
            finally:
                self.hanging[name] -= 1
        return Given(value=name)

    def release(self) -> None:
        """Lets the calls that hang return, as a frozen process does that wakes up."""
        self._gate.set()

    async def hung(self, name: str, times: int = 1) -> None:
        """Returns when so many calls hang."""
        await reached(lambda: self.hanging[name] >= times)


def register_count(monkeypatch: pytest.MonkeyPatch, name: str = "count", *, read_only: bool = False) -> Counting:
    """Puts a function that counts into the registry for the time of a test."""
    counting = Counting()
    register(monkeypatch, name, counting.call, read_only=read_only)
    return counting


def count(node: str, name: Any = None, **write: Any) -> dict[str, Any]:
    """A node that calls `count` with its own name, or another."""
    given = {"query": node if name is None else name}
    return {"id": node, "kind": "function", "function": "count", "input": given, "write": write}


async def reached(what: Callable[[], Any], seconds: float = 20) -> None:
    """Returns when `what()` is true."""
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def stored(bench: Bench, number: int, query: str, *arguments: Any) -> None:
    """Returns when the query counts `number`."""
    async with asyncio.timeout(20):
        while await bench.storage.pool.fetchval(query, *arguments) != number:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def another_process(bench: Bench, url: str) -> AsyncGenerator[Bench]:
    """A second composer on the same database, for the same user."""
    listener = Listener(url)
    await listener.start()
    composer = Composer(bench.storage, listener)
    ctx = replace(bench.ctx, launch=composer)
    engine = composer.open(replace(ctx, caller=None))
    yield Bench(composer, engine, ctx, bench.storage)
    await composer.close()
    await listener.close()


# A beat that was under way when a process fell silent would be heard once more, and nobody could take the run.
_SILENCE = """
CREATE OR REPLACE FUNCTION stay_silent() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN new.heartbeat_at := old.heartbeat_at; RETURN new; END';
CREATE OR REPLACE TRIGGER stay_silent BEFORE UPDATE OF heartbeat_at ON runs FOR EACH ROW
    WHEN (new.epoch = old.epoch AND old.heartbeat_at < now() - interval '30 s') EXECUTE FUNCTION stay_silent();
"""


async def fall_silent(bench: Bench, uid: UUID) -> None:
    """Makes it as if nothing had been heard for a while of the process that carries a run, nor were until another
    takes it."""
    pool = bench.storage.pool
    await pool.execute(_SILENCE)
    await pool.execute("UPDATE runs SET heartbeat_at = now() - interval '1 minute' WHERE uid = $1", uid)


async def kept(bench: Bench, uid: UUID) -> dict[str, Any]:
    """Everything that is stored of a run."""
    pool = bench.storage.pool
    row = await pool.fetchrow("SELECT * FROM runs WHERE uid = $1", uid)
    assert row
    steps = await pool.fetch("SELECT * FROM run_steps WHERE run_id = $1 ORDER BY sequence", row["id"])
    events = await pool.fetch("SELECT * FROM run_events WHERE run_id = $1 ORDER BY sequence", row["id"])
    beat = {"heartbeat_at"}
    return {
        "run": {name: value for name, value in row.items() if name not in beat},
        "steps": [dict(step) for step in steps],
        "events": [dict(event) for event in events],
    }
