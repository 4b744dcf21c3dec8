"""What one server process holds, made once in app.py and handed to every route."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import aiohttp
from starlette.requests import HTTPConnection

from db import Listener, Storage
from inference.composer import Composer
from inference.functions import Access, Context
from inference.server.auth import Authenticator
from inference.server.metrics import Metrics
from inference.server.viewers import Viewers
from inference.settings import Settings


@dataclass(slots=True)
class State:
    """The parts of a running server. `base` is the context of functions before anybody has called."""

    settings: Settings
    storage: Storage
    listener: Listener
    http: aiohttp.ClientSession
    composer: Composer
    base: Context
    access: Access
    auth: Authenticator
    metrics: Metrics
    viewers: Viewers = field(default_factory=Viewers)
    has_accounts: bool = False

    async def context(self, authorization: str | None) -> Context:
        """The context of whoever sent this header. Raises NotAuthenticated."""
        return replace(self.base, caller=await self.auth.caller(authorization))

    async def needs_first_account(self) -> bool:
        """True until the first account exists; asked of the database only until then."""
        if not self.has_accounts:
            self.has_accounts = await self.storage.accounts.any_exist()
        return not self.has_accounts


def state_of(connection: HTTPConnection) -> State:
    """The state of the server that serves this connection."""
    return connection.app.state.penstock
