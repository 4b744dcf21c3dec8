"""What the runner can be asked, over models of this machine and of the provider alike."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from inference.errors import Conflict, InvalidInput
from inference.models.common import Fault
from inference.models.models import Memory, ModelChange, ModelList, ModelLog
from inference.runner.additions import check_change
from inference.runner.catalog import Catalog, Written, check_entry, make_catalog
from inference.runner.describe import describe, describe_all, devices
from inference.runner.events import Events
from inference.runner.kinds import Unusable
from inference.runner.messages import Catalogued

if TYPE_CHECKING:
    from inference.models.models import Model, ModelEntry, ModelEvent
    from inference.runner import Embedder
    from inference.runner.additions import Additions
    from inference.runner.clients import Clients
    from inference.runner.launcher import Launcher
    from inference.runner.meter import Meter
    from inference.runner.pool import Pool
    from inference.runner.upstream import Upstream

MOST_ADDED = 500  # as ModelFile in schemas/models.yaml


class Control:
    """The parts of a runner's process, as one. `written` is models.yaml."""

    def __init__(
        self,
        catalog: Catalog,
        additions: Additions,
        pool: Pool,
        launcher: Launcher,
        meter: Meter,
        clients: Clients,
        upstream: Upstream,
        written: Written,
    ) -> None:
        self._catalog = catalog
        self._additions = additions
        self._pool = pool
        self._launcher = launcher
        self._meter = meter
        self._upstream = upstream
        self._written = written
        self._changing = asyncio.Lock()
        self._clients = clients
        self.events_of_models = Events(self._local)
        meter.on_measured = lambda: self.events_of_models.measured(self._memory_now)

    async def load(self, model: str) -> Model:
        self._refuse_adapter(model)
        if model not in self._pool:
            return self._upstream.model(model)
        await self._pool.load(model)
        return self._describe(model)

    async def unload(self, model: str) -> Model:
        self._refuse_adapter(model)
        if model not in self._pool:
            self._upstream.model(model)
            raise InvalidInput(f"{model} runs at its provider: nothing is loaded here to unload.", field="model")
        await self._pool.unload(model)
        return self._describe(model)

    async def forget(self, base_url: str) -> None:
        await self._pool.suspect(base_url)

    def embedder(self, model: str) -> Embedder:
        return self._catalog.embedder(model)

    async def models(self) -> ModelList:
        models = [*self._local(), *await self._upstream.models()]
        return ModelList(models=models, faults=list(self._catalog.faults))

    async def memory(self) -> Memory:
        await self._meter.fresh_reading()
        return self._memory_now()

    def log(self, model: str, lines: int) -> ModelLog:
        self._refuse_adapter(model)
        self._pool.slot(model)
        found = self._launcher.logs[model]
        return ModelLog(model=model, lines=found.last(lines), dropped=found.dropped)

    def metrics(self) -> str:
        slots = self._pool.slots.values()
        return self._pool.tally.text(
            {slot.spec.id: slot.share for slot in slots}, {slot.spec.id: len(slot.waiting) for slot in slots}
        )

    def events(self) -> AsyncGenerator[ModelEvent]:
        return self.events_of_models.follow(self.models, self.memory)

    async def add(self, entry: ModelEntry) -> Model:
        """Raises Conflict where the id is taken, InvalidInput with every fault of the entry."""
        async with self._changing:
            if entry.id in self._catalog:
                raise Conflict(f"There is a model {entry.id!r} already. Take another id.", field="id")
            if len(self._additions.models) >= MOST_ADDED:
                raise Conflict(f"{MOST_ADDED} models were added, the most there can be. Remove one.")
            try:
                await asyncio.to_thread(check_entry, entry, self._additions.path.parent, self._catalog)
            except Unusable as error:
                field, message = error.faults[0]
                faults = [Fault(path=name, message=text) for name, text in error.faults]
                raise InvalidInput(f"{field}: {message}.", field=field, faults=faults) from None
            await self._keep([*self._additions.models, entry], self._additions.changes)
        return self._describe(entry.id) if entry.id in self._pool else self._upstream.model(entry.id)

    async def remove(self, model: str) -> None:
        """Unloads and forgets a model that was added. Raises NotFound, or Conflict for one that was not added here."""
        async with self._changing:
            self._refuse_adapter(model)
            if model not in self._catalog.added:
                if model not in self._catalog:
                    raise self._catalog.unknown(model)
                where = (
                    "is built in"
                    if self._is_builtin(model)
                    else f"is written in {self._written.path}: take it out there"
                )
                raise Conflict(f"The model {model!r} {where}.", field="model")
            if model in self._pool:
                await self._pool.unload(model)
            changes = [change for change in self._additions.changes if change.model != model]
            await self._keep([entry for entry in self._additions.models if entry.id != model], changes)
            self._launcher.forget(model)

    async def modify(self, change: ModelChange) -> Model:
        """Raises NotFound, or InvalidInput for a provider's model and for a null where there cannot be one."""
        check_change(change)
        async with self._changing:
            self._refuse_adapter(change.model)
            if change.model not in self._pool:
                self._upstream.model(change.model)
                raise InvalidInput(f"{change.model} runs at its provider: it holds no memory here.", field="model")
            before = next((each for each in self._additions.changes if each.model == change.model), None)
            told = (before.model_dump(exclude_unset=True) if before else {}) | change.model_dump(exclude_unset=True)
            others = [each for each in self._additions.changes if each.model != change.model]
            await self._keep(self._additions.models, [*others, ModelChange.model_validate(told)])
        return self._describe(change.model)

    async def _keep(self, models: list[ModelEntry], changes: list[ModelChange]) -> None:
        """Writes it down and takes it up; the pool has seen it when this returns."""
        await asyncio.to_thread(self._additions.put, models, changes)
        self._catalog = await asyncio.to_thread(make_catalog, self._written, self._additions)
        self._upstream.catalog = self._catalog
        seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pool.tell(Catalogued(self._catalog.standings(), seen))
        await seen

    def _refuse_adapter(self, model: str) -> None:
        """Raises InvalidInput for a name that is another model with an adapter."""
        if model in self._catalog.adapters:
            base = self._catalog.base(model)
            raise InvalidInput(f"{model} is an adapter of {base} and comes and goes with it: name that.", field="model")

    def _is_builtin(self, model: str) -> bool:
        return model in self._catalog.local and self._catalog.local[model].entry is None

    def _describe(self, model: str) -> Model:
        return describe(self._pool.slot(model), self._clients.holder, time.monotonic())

    def _local(self) -> list[Model]:
        return describe_all(self._pool.slots.values(), self._clients.holder, time.monotonic())

    def _memory_now(self) -> Memory:
        """As the last measurement has it."""
        slots = list(self._pool.slots.values())
        reading = self._meter.reading
        return Memory(
            devices=devices(reading, slots) if reading else [],
            models=self._local(),
            loads=list(self._launcher.loads),
            history=self._meter.history,
        )
