"""A composer at work for one user on a real database, with the runner's fake."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from db import Storage
from inference.composer import Composer, Engine
from inference.functions import Context
from inference.models.runs import Run, RunEvent


def chain(*nodes: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A toolchain whose nodes follow each other."""
    ids = ["start", *(node["id"] for node in nodes), "end"]
    edges = [{"from": a, "to": b} for a, b in itertools.pairwise(ids)]
    return {"id": "probe", "title": "Probe", "nodes": list(nodes), "edges": edges} | parts


def note(name: str, value: Any, **write: Any) -> dict[str, Any]:
    """A node that only writes: `isolate_question` gives back what it is given."""
    return {
        "id": name,
        "kind": "function",
        "function": "isolate_question",
        "input": {"question": value},
        "write": write,
    }


class Bench:
    """A composer at work for one user."""

    def __init__(self, composer: Composer, engine: Engine, ctx: Context, storage: Storage) -> None:
        self.composer, self.engine, self.ctx, self.storage = composer, engine, ctx, storage

    async def save(self, definition: dict[str, Any]) -> None:
        async with self.storage.transaction() as work:
            await work.toolchains.save(self.ctx.user.key, definition["id"], uuid7().bytes * 2, definition)

    async def run(self, definition: dict[str, Any], **given: Any) -> tuple[Run, dict[str, Any] | None]:
        """The run at its end or pause, and its output."""
        await self.save(definition)
        uid = await self.composer.start(self.ctx, definition["id"], given)
        return await self.end(uid)

    async def output(self, definition: dict[str, Any], **given: Any) -> dict[str, Any]:
        """The output of a run that has to complete."""
        run, output = await self.run(definition, **given)
        assert run.status == "completed", run.error
        assert output is not None
        return output

    async def end(self, uid: UUID) -> tuple[Run, dict[str, Any] | None]:
        run = await self.composer.wait(self.ctx, uid)
        record = await self.storage.runs.detail(self.ctx.user.key, uid)
        assert record
        return run, record.output

    async def events(self, uid: UUID, after: int = 0) -> list[RunEvent]:
        return [event async for event in self.composer.follow(self.ctx, uid, after) if event]

    async def queued(self, definition: dict[str, Any], **given: Any) -> UUID:
        """A run that is written down and that nobody carries yet."""
        await self.save(definition)
        async with self.storage.transaction() as work:
            return await self.composer.start(self.ctx, definition["id"], given, work=work)


async def changed(bench: Bench, **parts: Any) -> Bench:
    """The bench with other parts of its context, also for the runs that it carries from now on."""
    await bench.engine.close()
    ctx = replace(bench.ctx, **parts)
    engine = bench.composer.open(replace(ctx, caller=None))
    return Bench(bench.composer, engine, ctx, bench.storage)
