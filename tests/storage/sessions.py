"""Sessions of toolchains that were imported from QueryLake, carried by the real engine."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from inference.models.runs import Run, RunEvent
from tests.querylake import sound
from tests.storage.bench import Bench


class Session:
    """A session of an imported toolchain: its events are runs of one thread."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.thread = UUID(str(uuid7()))
        self.id = ""

    async def open(self, definition: dict[str, Any]) -> None:
        toolchain = sound(definition).toolchain
        self.id = toolchain["id"]
        await self.bench.save(toolchain)

    async def run(self, event: str | None = None, /, **given: Any) -> tuple[Run, dict[str, Any]]:
        if event:
            given["event"] = event
        uid = await self.bench.composer.start(self.bench.ctx, self.id, given, thread=self.thread)
        run, output = await self.bench.end(uid)
        return run, output or {}

    async def fire(self, event: str | None = None, /, **given: Any) -> dict[str, Any]:
        """The event's output, once it has completed."""
        run, output = await self.run(event, **given)
        assert run.status == "completed", run.error
        return output

    async def follow_up(self) -> list[dict[str, Any]]:
        """What the runs gave that were left to a worker."""
        outputs: list[dict[str, Any]] = []
        for uid, _ in await self.bench.storage.runs.next_turns(self.bench.ctx.user.key, self.thread, self.id, 200):
            self.bench.composer.carry(uid)
            run, output = await self.bench.end(uid)
            assert run.status == "completed", run.error
            outputs.append(output or {})
        return outputs

    async def events(self, run: Run) -> list[RunEvent]:
        return await self.bench.events(UUID(run.run_id))
