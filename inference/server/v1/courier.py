"""Brings a request to the models that may answer it, one after the other, until one does."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from inference.errors import PenstockError, Unavailable, UpstreamFailed, UpstreamTimeout
from inference.functions import Allowance, Caller
from inference.runner import CALLER_HEADER, Lease
from inference.server.state import State
from inference.server.upstream import Answer, ConnectionLost, Deadlines, Pool, Stalled, UpstreamError, origin_of
from inference.server.v1.asked import Asked, outgoing
from inference.server.v1.known import Known
from inference.server.v1.reply import Header
from inference.server.v1.routes import Candidate
from inference.server.v1.trying import TRY_AGAIN, Breaker, Budget, read_retry_after, wait_before

# Answers up to this size are read before anything of them is passed on: until then an engine that dies is asked again.
READ_BYTES = 8 * 1024 * 1024
_REMEMBERED = 1000
# Fields of ours that may have made an engine refuse: it is asked again without.
_OUR_WISH = b"stream_options"
_REFUSAL_BYTES = 64 * 1024


class Source(Protocol):
    """Where the bytes of an answer come from. Parts are read until b""; then, or before, it is closed."""

    async def part(self) -> bytes: ...

    async def aclose(self) -> None: ...


class Nothing:
    """A source that has come to its end."""

    async def part(self) -> bytes:
        return b""

    async def aclose(self) -> None:
        """There is nothing to end."""


class Returning:
    """A source that gives back, once, what it was lent when it is closed. Its parts pass through untouched."""

    __slots__ = ("_give_back", "_source", "part")

    def __init__(self, source: Source, give_back: Callable[[], None]) -> None:
        self.part = source.part
        self._source = source
        self._give_back: Callable[[], None] | None = give_back

    async def aclose(self) -> None:
        await self._source.aclose()
        if give_back := self._give_back:
            self._give_back = None
            give_back()


@dataclass(slots=True)
class Call:
    """One request on its way. `path` follows an upstream's base URL; `origin` is this server as the client sees it."""

    path: str
    caller: Caller
    asked: Asked
    request_id: str
    origin: str


@dataclass(slots=True)
class Served:
    """An answer that has begun. `body`: what of it was read already; `whole`: that is all of it."""

    model: str
    status: int
    headers: list[Header]
    source: Source
    body: bytes = b""
    whole: bool = False


@dataclass(slots=True)
class _Health:
    """What is remembered of an upstream's model."""

    breaker: Breaker = field(default_factory=Breaker)
    budget: Budget = field(default_factory=Budget)
    tells_usage: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a model is asked. `leased`: by the runner."""

    lease: Lease
    allowance: Allowance | None
    leased: bool


class Toolchains(Protocol):
    """What answers for `toolchain/<id>`."""

    def answers(self, call: Call, model: str) -> bool: ...

    async def ask(self, call: Call, model: str) -> Served: ...


class Courier:
    """Asks upstreams for one server process."""

    def __init__(self, state: State, known: Known, toolchains: Toolchains) -> None:
        self._runner, self._known, self._toolchains = state.base.runner, known, toolchains
        settings = state.settings
        self._deadlines = Deadlines(
            settings.upstream_connect_seconds, settings.upstream_first_byte_seconds, settings.upstream_idle_seconds
        )
        self._pool = Pool()
        self._healths: OrderedDict[tuple[str, str, str], _Health] = OrderedDict()

    async def close(self) -> None:
        await self._pool.close()

    async def fetch(self, call: Call, candidates: Sequence[Candidate]) -> Served:
        """The first candidate's answer; the next one's where it fails before its first byte. Raises what the last one
        raised, and NotFound at once: a model that is not there has no other in its place."""
        *before, last = candidates
        for candidate in before:
            try:
                served = await self._ask(call, candidate)
            except (Unavailable, UpstreamFailed, UpstreamTimeout):
                continue
            if served.status not in TRY_AGAIN:
                return served
            await served.source.aclose()
        return await self._ask(call, last)

    async def _ask(self, call: Call, candidate: Candidate) -> Served:
        if self._toolchains.answers(call, candidate.model):
            return await self._toolchains.ask(call, candidate.model)
        attempt = 0
        while True:
            attempt += 1
            place = await self._place(call.caller, candidate.model)
            health = self._health(place.lease)
            try:
                served = await self._use(call, candidate, place, health, first=attempt == 1)
            except UpstreamError as error:
                if place.leased:
                    await self._runner.forget(place.lease)
                pause = None if isinstance(error, Stalled) else wait_before(attempt, None)
                if pause is None or not health.budget.spend():
                    health.breaker.failed(_now())
                    raise failure(candidate.model, error) from error
            else:
                if served.status not in TRY_AGAIN:
                    health.breaker.succeeded()
                    return served
                pause = wait_before(attempt, read_retry_after(_header(served.headers, b"retry-after")))
                if pause is None or not health.budget.spend():
                    if served.status >= 500:
                        health.breaker.failed(_now())
                    return served
                await served.source.aclose()
            await asyncio.sleep(pause)

    async def _use(self, call: Call, candidate: Candidate, place: _Place, health: _Health, *, first: bool) -> Served:
        """One try, after which the model's lease is given back: when the answer has come, or is closed."""
        try:
            self._check(health, place, candidate.model)
            if first:
                health.budget.asked()
            served = await self._post(call, candidate, place, health)
        except BaseException:
            self._runner.release(place.lease)
            raise
        if served.whole:
            self._runner.release(place.lease)
        else:
            served.source = Returning(served.source, partial(self._runner.release, place.lease))
        return served

    async def _place(self, caller: Caller, model: str) -> _Place:
        if "/" in model and (found := await self._known.provider(caller, model)):
            return _Place(found.lease, found.allowance, leased=False)
        return _Place(await self._runner.lease(model), None, leased=True)

    def _health(self, lease: Lease) -> _Health:
        key = (lease.base_url, lease.model, lease.headers.get("Authorization", ""))
        found = self._healths.get(key)
        if found is None:
            found = self._healths[key] = _Health()
            if len(self._healths) > _REMEMBERED:
                self._healths.popitem(last=False)
        return found

    @staticmethod
    def _check(health: _Health, place: _Place, model: str) -> None:
        """Raises Unavailable while a provider is left alone. Engines of this machine are the runner's to judge."""
        if place.lease.remote and (wait := health.breaker.wait(_now())) > 0:
            raise Unavailable(
                f"The model {model!r} has failed several times in a row and is left alone for {wait:.0f} s more."
            )

    async def _post(self, call: Call, candidate: Candidate, place: _Place, health: _Health) -> Served:
        """One try. Raises UpstreamError."""
        asked, lease = call.asked, place.lease
        add_usage = asked.stream and not asked.wants_usage and health.tells_usage
        body = outgoing(asked, lease.model, candidate.defaults, add_usage=add_usage)
        origin = origin_of(lease.base_url, place.allowance)
        answer = await self._pool.post(origin, call.path, _head(lease, call), body, self._deadlines)
        try:
            if answer.status == 401 and not lease.remote:
                raise ConnectionLost("another program has its port now")
            served = await self._served(call, candidate.model, answer)
        except BaseException:
            answer.close()
            raise
        if served.status == 400 and add_usage and _OUR_WISH in served.body:
            health.tells_usage = False
            await served.source.aclose()
            return await self._post(call, candidate, place, health)
        return served

    async def _served(self, call: Call, model: str, answer: Answer) -> Served:
        kind = answer.header(b"content-type").partition(b";")[0].strip().lower()
        if answer.status < 300 and call.asked.stream:
            if kind != b"text/event-stream":
                raise UpstreamFailed(f"The model {model!r} answered with {_shown(kind)} where a stream was due.")
            return Served(model, answer.status, answer.headers, answer)
        if answer.status < 300 and not (kind == b"application/json" or kind.endswith(b"+json")):
            raise UpstreamFailed(f"The model {model!r} answered with {_shown(kind)} where JSON was due.")
        if answer.status == 401:
            raise UpstreamFailed(f"The provider of {model!r} refuses the key that was set for it.")
        if 300 <= answer.status < 400:
            raise UpstreamFailed(f"The provider of {model!r} answers with a redirect, which is not followed.")
        most = READ_BYTES if answer.status < 300 else _REFUSAL_BYTES
        parts: list[bytes] = []
        size = 0
        while part := await answer.part():
            parts.append(part)
            size += len(part)
            if size > most:
                return Served(model, answer.status, answer.headers, answer, b"".join(parts))
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        return Served(model, answer.status, answer.headers, answer, body, whole=True)


def failure(model: str, error: UpstreamError, *, begun: bool = False) -> PenstockError:
    """What a caller is told of an upstream that gave no answer, or `begun` one and stopped."""
    why = str(error) or "it gave no reason"
    if isinstance(error, Stalled):
        where = " in the middle of its answer" if begun else ""
        return UpstreamTimeout(f"The model {model!r} does not answer{where}: {why}. Try again in a moment.")
    if begun:
        return Unavailable(f"The model {model!r} stopped in the middle of its answer ({why}). Ask again.")
    return Unavailable(f"The model {model!r} does not answer now ({why}). Try again in a moment.")


def _head(lease: Lease, call: Call) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in lease.headers.items()]
    lines.append(
        "content-type: application/json\r\naccept-encoding: identity\r\nuser-agent: Penstock\r\n"
        f"x-request-id: {call.request_id}\r\n"
    )
    if not lease.remote:
        lines.append(f"{CALLER_HEADER}: {call.caller.user_id}\r\n")
    return "".join(lines).encode("latin-1", "replace")


def _header(headers: Sequence[Header], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _shown(kind: bytes) -> str:
    return repr(kind[:80].decode("latin-1")) if kind else "no content type"


def _now() -> float:
    return asyncio.get_running_loop().time()


def as_headers(given: dict[str, Any]) -> list[Header]:
    """Names and values as bytes."""
    return [(name.lower().encode(), str(value).encode()) for name, value in given.items()]
