"""News of models for those who look: what changed, a few times a second at most, and nothing while nobody looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable

from inference.models.models import Memory, Model, ModelEvent, ModelList

QUIET_SECONDS = 0.25
MOST_WAITING = 256  # events for one who does not read; who is further behind is hung up on, and begins anew

# These change by the second; a model is told of anew for other reasons only.
_CLOCKS = {"idle_seconds", "waiting_seconds", "progress", "retry_seconds"}


class Events:
    """`models` gives the models of this machine now."""

    def __init__(self, models: Callable[[], Iterable[Model]]) -> None:
        self._models = models
        self._watchers: set[asyncio.Queue[ModelEvent | None]] = set()
        self._told: dict[str, dict[str, object]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Something may have changed."""
        if self._watchers and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._look)

    def measured(self, memory: Callable[[], Memory]) -> None:
        """The devices were measured."""
        if self._watchers:
            self._tell(ModelEvent(name="memory", memory=memory()))

    async def follow(
        self, models: Callable[[], Awaitable[ModelList]], memory: Callable[[], Awaitable[Memory]]
    ) -> AsyncGenerator[ModelEvent]:
        """All models and devices first, then what changes."""
        queue: asyncio.Queue[ModelEvent | None] = asyncio.Queue(MOST_WAITING)
        first = not self._watchers
        self._watchers.add(queue)
        try:
            if first:
                self._told = {model.id: _facts(model) for model in self._models()}
            yield ModelEvent(name="models", models=await models())
            yield ModelEvent(name="memory", memory=await memory())
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Ends every stream."""
        for queue in list(self._watchers):
            self._hang_up(queue)

    def _look(self) -> None:
        self._timer = None
        now = {model.id: model for model in self._models()}
        for name, model in now.items():
            facts = _facts(model)
            if self._told.get(name) != facts:
                self._told[name] = facts
                self._tell(ModelEvent(name="model", model=model))
        for name in [name for name in self._told if name not in now]:
            del self._told[name]
            self._tell(ModelEvent(name="removed", removed=name))

    def _tell(self, event: ModelEvent) -> None:
        for queue in list(self._watchers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._hang_up(queue)

    def _hang_up(self, queue: asyncio.Queue[ModelEvent | None]) -> None:
        self._watchers.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


def _facts(model: Model) -> dict[str, object]:
    return model.model_dump(exclude=_CLOCKS)
