"""What people set for the gateway, kept in memory: routes and limits whole, providers as they are asked for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Generator

from db import Listener, Storage
from inference.functions.context import Caller
from inference.functions.gateway.routes import Candidate, Route, plan
from inference.functions.providers import ProviderModel, find_provider
from inference.models.gateway import UsageLimit
from inference.settings import Settings
from inference.single_flight import SingleFlight

_log = logging.getLogger(__name__)

# The database tells of changes; this bounds what a lost message could cost.
_KEEP_SECONDS = 30.0
_MOST_PROVIDERS = 10_000


class Known:
    """Loaded at the start, and again when the database says that something has changed."""

    def __init__(self, storage: Storage, settings: Settings, listener: Listener) -> None:
        self._storage, self._settings, self._listener = storage, settings, listener
        self._routes: dict[str, Route] = {}
        self._plans: dict[str, list[Candidate]] = {}
        self._providers: OrderedDict[tuple[int, str], ProviderModel | None] = OrderedDict()
        self._flights = SingleFlight[tuple[int, str], ProviderModel | None]()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.limits: dict[tuple[str, str], UsageLimit] = {}
        self.version = 0

    @contextlib.contextmanager
    def listening(self) -> Generator[None]:
        """Keeps what is known up to date while the context lasts."""
        with self._listener.subscribe("gateway_changed", lambda _: self._changed.set()):
            self._task = asyncio.create_task(self._follow())
            try:
                yield
            finally:
                self._task.cancel()

    async def load(self) -> None:
        routes, limits = await self._storage.model_routes.list(), await self._storage.limits.list()
        self._routes = {r.name: Route(r.model, tuple(r.fallbacks or ()), r.defaults or {}) for r in routes}
        self.limits = {(limit.kind, limit.subject): limit for limit in limits}
        self._plans.clear()
        self._providers.clear()
        self.version += 1

    def plan(self, name: str) -> list[Candidate]:
        """The models to ask for a name, in order."""
        if name not in self._routes:
            return [Candidate(name, {})]
        found = self._plans.get(name)
        if found is None:
            found = self._plans[name] = plan(self._routes, name)
        return found

    def aliases(self) -> list[str]:
        """Names that are no models of their own."""
        return [name for name, route in self._routes.items() if route.model != name]

    async def provider(self, caller: Caller, model: str) -> ProviderModel | None:
        """The model of one of the caller's providers; None when the name is none of those."""
        key = (caller.key, model)
        if key in self._providers:
            return self._providers[key]
        return await self._flights.do(key, lambda: self._find_provider(key))

    async def _find_provider(self, key: tuple[int, str]) -> ProviderModel | None:
        version = self.version
        found = await find_provider(self._storage, self._settings, *key)
        if version == self.version:  # else something has changed meanwhile: it is looked up again the next time
            self._providers[key] = found
            if len(self._providers) > _MOST_PROVIDERS:
                self._providers.popitem(last=False)
        return found

    async def _follow(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _KEEP_SECONDS)
            self._changed.clear()
            try:
                await self.load()
            except Exception:
                _log.exception("what is set for the gateway cannot be read; it is tried again in a second")
                await asyncio.sleep(1)
                self._changed.set()
