"""A runner without processes and weights, for tests: the same pool, leases and wire formats, on engines that are
fakes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inference.errors import Conflict, Unavailable
from inference.models.models import Device, Memory, ModelChange, ModelList, ModelLog
from inference.models.pulls import PullList
from inference.runner.additions import check_change
from inference.runner.catalog import Catalog, builtin
from inference.runner.clients import Clients
from inference.runner.describe import describe, describe_all
from inference.runner.events import Events
from inference.runner.fake_engines import FakeLauncher, fake_spec
from inference.runner.leasing import Leases
from inference.runner.messages import Catalogued, Message
from inference.runner.pool import Pool
from inference.runner.pulling import Hub, Puller
from inference.runner.slots import MIB

if TYPE_CHECKING:
    from inference.models.common import Fault
    from inference.models.models import Model, ModelEntry, ModelEvent
    from inference.models.pulls import Pull, PullOrder
    from inference.runner import Embedder, Lease

TOTAL_MB = 1024.0


class FakeRunner:
    """`Runner` with the local models of the real one. Made and closed in one event loop.

    `models` are added to those, as models.yaml does; `total_mb` is what there is for all. It is offline: nothing can be
    pulled. `crash(model)` is the death of an engine, `die()` that of the runner, after which every call raises
    Unavailable.
    """

    def __init__(
        self, *, broken: Mapping[str, str] | None = None, models: Sequence[ModelEntry] = (), total_mb: float = TOTAL_MB
    ) -> None:
        inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._total_mb = total_mb
        self._launcher = FakeLauncher(inbox, broken or {}, int(total_mb * MIB))
        self._catalog = Catalog(builtin() | {entry.id: fake_spec(entry) for entry in models})
        self._clients = Clients(inbox.put_nowait, self._served_by, self._elsewhere)
        self._pool = Pool(self._catalog.standings(), self._launcher, self._clients, inbox)
        self._events = Events(self._described)
        self._pool.on_change = self._events.changed
        self._puller = Puller(Path(), Hub("https://hub.example", offline=True))
        self._leases: Leases | None = None
        self._owner: asyncio.Task[None] | None = None
        self._dead = False

    async def lease(self, model: str, *, background: bool = False) -> Lease:
        self._running()
        assert self._leases
        return self._leases.held(model) or await self._leases.ask(model, urgent=not background)

    def release(self, lease: Lease) -> None:
        if self._leases:
            self._leases.release(lease)

    def announce(self, models: Sequence[str]) -> None:
        self._running()
        assert self._leases
        if lacking := self._leases.unannounced(models):
            self._leases.announce(lacking)

    async def embedder(self, model: str) -> Embedder:
        self._running()
        return self._catalog.embedder(model)

    async def faults(self) -> list[Fault]:
        self._running()
        return list(self._catalog.faults)

    async def models(self) -> list[Model]:
        self._running()
        return self._described()

    async def memory(self) -> Memory:
        models = await self.models()
        held = sum(model.memory_mb for model in models)
        total = self._total_mb
        cpu = Device(
            id="cpu", kind="cpu", total_mb=total, used_mb=held, free_mb=total - held, models_mb=held, budget_mb=total
        )
        return Memory(devices=[cpu], models=models, loads=list(self._launcher.loads))

    async def load(self, model: str) -> Model:
        await self._running().load(model)
        return self._describe(model)

    async def unload(self, model: str) -> Model:
        await self._running().unload(model)
        return self._describe(model)

    async def add(self, entry: ModelEntry) -> Model:
        self._running()
        if entry.id in self._catalog:
            raise Conflict(f"There is a model {entry.id!r} already. Take another id.", field="id")
        local = {**self._catalog.local, entry.id: fake_spec(entry)}
        await self._take_up(replace(self._catalog, local=local, added=self._catalog.added | {entry.id}))
        return self._describe(entry.id)

    async def remove(self, model: str) -> None:
        self._running()
        if model not in self._catalog:
            raise self._catalog.unknown(model)
        if model not in self._catalog.added:
            raise Conflict(f"The model {model!r} is built in.", field="model")
        await self._pool.unload(model)
        local = {name: spec for name, spec in self._catalog.local.items() if name != model}
        await self._take_up(replace(self._catalog, local=local, added=self._catalog.added - {model}))
        self._launcher.logs.pop(model, None)

    async def modify(self, change: ModelChange) -> Model:
        check_change(change)
        self._running().slot(change.model)
        told = change.model_dump(exclude_unset=True)
        if before := self._catalog.changes.get(change.model):
            told = before.model_dump(exclude_unset=True) | told
        changes = {**self._catalog.changes, change.model: ModelChange.model_validate(told)}
        await self._take_up(replace(self._catalog, changes=changes))
        return self._describe(change.model)

    async def log(self, model: str, lines: int) -> ModelLog:
        self._running().slot(model)
        return ModelLog(model=model, lines=self._launcher.logs.get(model, [])[-lines:], dropped=0)

    async def events(self) -> AsyncGenerator[ModelEvent | None]:
        self._running()
        async with aclosing(self._events.follow(self._list, self.memory)) as found:
            async for event in found:
                yield event

    async def pull(self, order: PullOrder) -> Pull:
        self._running()
        return await self._puller.start(order)

    async def pulls(self) -> PullList:
        self._running()
        return PullList(pulls=self._puller.pulls())

    async def cancel_pull(self, pull_id: str) -> Pull:
        self._running()
        return await self._puller.cancel(pull_id)

    async def metrics(self) -> str:
        slots = self._running().slots.values()
        return self._pool.tally.text(self._launcher.shares(), {slot.spec.id: len(slot.waiting) for slot in slots})

    async def forget(self, lease: Lease) -> None:
        pool = self._running()
        assert self._leases
        self._leases.forget(lease)
        await pool.suspect(lease.base_url)

    async def crash(self, model: str) -> None:
        """Ends the engine of `model` as kill -9 would. Raises KeyError when it is not loaded."""
        await self._launcher.end(model, "was killed by SIGKILL")

    async def die(self) -> None:
        self._dead = True
        await self._stop()

    async def close(self) -> None:
        if not self._dead:
            await self._stop()

    async def _stop(self) -> None:
        self._events.close()
        if self._owner:
            await self._pool.close()
            await self._launcher.close()
            self._owner.cancel()
            self._owner = None

    async def _list(self) -> ModelList:
        return ModelList(models=self._described(), faults=list(self._catalog.faults))

    async def _take_up(self, catalog: Catalog) -> None:
        self._catalog = catalog
        seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pool.tell(Catalogued(catalog.standings(), seen))
        await seen

    def _described(self) -> list[Model]:
        return describe_all(self._pool.slots.values(), self._clients.holder, time.monotonic())

    def _describe(self, model: str) -> Model:
        return describe(self._pool.slot(model), self._clients.holder, time.monotonic())

    def _served_by(self, model: str) -> str | None:
        base = self._catalog.base(model)
        return base if base in self._pool else None

    def _elsewhere(self, model: str) -> Lease:
        raise self._catalog.unknown(model)

    def _running(self) -> Pool:
        if self._dead:
            raise Unavailable("The runner does not answer. It is started again by itself; try again in a few seconds.")
        if self._owner is None:
            self._owner = asyncio.get_running_loop().create_task(self._pool.run())
            leases = Leases(lambda message: self._clients.receive(client, message))
            client = self._clients.connect("fake", "", leases.receive)
            self._leases = leases
        return self._pool
