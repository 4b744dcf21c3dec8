"""What a function is lent: who calls, and the parts it works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import aiohttp

from db import Objects, Storage
from inference.errors import NotAuthenticated
from inference.runner import Runner
from inference.settings import Settings

if TYPE_CHECKING:
    from inference.functions.gateway.access import Access


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who called. `key` is the database's own number; `scopes` None: all that the user may; `api_key` is the id
    of the key that was used, None for a log-in."""

    key: int
    user_id: str
    username: str
    is_admin: bool
    scopes: frozenset[str] | None = None
    api_key: UUID | None = None


class Launch(Protocol):
    """Writes a run down and queues it for a worker, in the transaction of `work`. Of queued runs those of a higher
    priority (-100 to 100) are taken first."""

    async def __call__(
        self, ctx: Context, work: Storage, toolchain_id: str, input: dict[str, Any], *, priority: int = 0
    ) -> UUID: ...


@dataclass(frozen=True, slots=True)
class RunScope:
    """The run that calls a function: its id, how urgent it is, a place for what its steps pass on, and how to tell of
    progress."""

    run_id: str
    report: Callable[[str, float], Awaitable[None]]
    priority: int = 0
    scratched: set[str] = field(default_factory=set[str])

    def scratch(self, name: str) -> str:
        """The object key of something that is deleted when the run ends."""
        self.scratched.add(name)
        return f"scratch/{self.run_id}/{name}"


@dataclass(frozen=True, slots=True)
class Context:
    """Lent to every function. It says who called, never how: HTTP, a toolchain's node, an agent or MCP.

    `access` None: models are asked by their own names, without limits, and nobody counts.
    """

    storage: Storage
    runner: Runner
    objects: Objects
    http: aiohttp.ClientSession
    settings: Settings
    launch: Launch
    caller: Caller | None = None
    run: RunScope | None = None
    access: Access | None = None

    @property
    def user(self) -> Caller:
        """The caller, of whom functions with a scope may be sure."""
        if self.caller is None:
            raise NotAuthenticated("Log in first, or send an API key: `Authorization: Bearer sk-…`.")
        return self.caller
