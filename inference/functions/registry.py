"""One registry of everything the platform can do. What is not in it cannot be reached."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel

from inference.errors import NotAllowed, NotFound
from inference.functions.context import Caller, Context

Door = Literal["json", "upload", "download"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in; `parts` can be read once."""

    name: str
    content_type: str
    parts: AsyncIterable[bytes]


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out."""

    name: str
    content_type: str
    size: int
    parts: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Function:
    """A registered operation. `scope` None: open to everybody, also before any account exists. `read_only`, as MCP's
    `readOnlyHint`: it changes nothing anywhere, so that nobody notices when it is called once more. `repeatable`: so it
    is for another reason."""

    name: str
    call: Callable[..., Awaitable[Any]]
    request: type[BaseModel]
    result: type[BaseModel] | type[Download]
    scope: str | None
    admin: bool
    door: Door
    status: int
    description: str
    read_only: bool = False
    repeatable: bool = False

    @property
    def is_node(self) -> bool:
        """Whether a toolchain's node may call it: JSON in, JSON out, for a known caller."""
        return self.door == "json" and self.scope is not None


_registry: dict[str, Function] = {}


def function(
    *,
    scope: str | None,
    admin: bool = False,
    door: Door = "json",
    status: int = 200,
    read_only: bool = False,
    repeatable: bool = False,
) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[Any]]]:
    """Registers `async def name(ctx, request) -> result`; its docstring is its help. `upload` functions take a third
    parameter, an Upload; `download` functions return a Download. Say `read_only` of one that changes nothing, and
    `repeatable` of one that finds what it did the first time, whichever process did it: a run that calls it goes on
    before what it gave is on record."""

    def register(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        name = call.__name__
        if name in _registry:
            raise ValueError(f"two functions are called {name}")
        hints = get_type_hints(call)
        _registry[name] = Function(
            name=name,
            call=call,
            request=hints["request"],
            result=hints["return"],
            scope=scope,
            admin=admin,
            door=door,
            status=status,
            description=inspect.getdoc(call) or "",
            read_only=read_only,
            repeatable=repeatable,
        )
        return call

    return register


def functions() -> dict[str, Function]:
    """All functions by name, in alphabetical order."""
    return dict(sorted(_registry.items()))


def scopes() -> set[str]:
    """All that an API key's scopes may be: of functions, of whole subjects (`documents`), `*`, `inference` for the
    models behind /v1, and `code:run` for the text of code nodes."""
    named = {target.scope for target in _registry.values() if target.scope}
    return named | {scope.partition(":")[0] for scope in named} | {"inference", "code", "code:run", "*"}


def covers(held: frozenset[str], scope: str) -> bool:
    """Whether a key with these scopes may do what needs `scope`: it has it, its whole subject, or everything."""
    return not held.isdisjoint((scope, scope.partition(":")[0], "*"))


def find(name: str) -> Function:
    """Raises NotFound."""
    try:
        return _registry[name]
    except KeyError:
        raise NotFound(f"There is no function {name!r}. GET /api/help lists them all.", field="function") from None


def is_read_only(name: str) -> bool:
    """Whether a function is there and changes nothing."""
    return name in _registry and _registry[name].read_only


def is_repeatable(name: str) -> bool:
    """Whether a function is there and nobody notices when it is called once more."""
    return name in _registry and (_registry[name].read_only or _registry[name].repeatable)


def check_rights(target: Function, ctx: Context) -> None:
    """Raises NotAuthenticated or NotAllowed."""
    if target.scope is not None:
        check_scope(ctx.user, target.scope, f"call {target.name}", admin=target.admin)


def check_scope(caller: Caller, scope: str | None, what: str, *, admin: bool = False) -> None:
    """Raises NotAllowed when a caller lacks what it takes to do something, which `what` says in words."""
    if admin and not caller.is_admin:
        raise NotAllowed(f"Only administrators may {what}.")
    if scope is not None and caller.scopes is not None and not covers(caller.scopes, scope):
        raise NotAllowed(f"This API key lacks the scope {scope!r}: it may not {what}.")


async def invoke(target: Function, ctx: Context, request: BaseModel, *extra: Upload) -> Any:
    """Calls a function for the caller in `ctx`, after checking the caller's rights."""
    check_rights(target, ctx)
    return await target.call(ctx, request, *extra)
