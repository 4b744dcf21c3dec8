"""The token path as bare ASGI: who asks, within which limits, which model, and the bytes of the answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Generator
from urllib.parse import quote

from starlette.types import Receive, Scope, Send
from uuid_utils import uuid7

from inference.errors import NotAllowed, NotAuthenticated, TooLarge
from inference.functions import Caller, Candidate, Counted, Refused, Standing, Tokens, limit_headers, refusal
from inference.server.problems import MethodNotAllowed
from inference.server.state import State
from inference.server.v1.asked import encoded_asked, read_asked
from inference.server.v1.courier import Call, Courier
from inference.server.v1.endpoints import ENDPOINTS, Endpoint, endpoint_for
from inference.server.v1.relay import Used, pass_on, translate
from inference.server.v1.reply import Reply
from inference.server.v1.token_count import count_tokens
from inference.server.v1.toolchain_model import PREFIX, ToolchainModels

_log = logging.getLogger(__name__)

# Seconds until a task begins to look whether the client is still there: it would be a tenth of what a short answer
# costs, and short answers have come by then.
_PATIENCE = 0.05
# What a request id may look like that clients give: it is written into logs and headers.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")

# What of a model's name stands in a header as it is; the rest is percent-encoded.
_PLAIN = "!#$&'()*+,/:;=?@[]~ "

COUNT_TOKENS = "/v1/messages/count_tokens"
PATHS = frozenset((*ENDPOINTS, COUNT_TOKENS))


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Gateway:
    """Answers the token path for one server process."""

    def __init__(self, state: State, courier: Courier) -> None:
        self._state, self._courier = state, courier
        self._known, self._limits, self._meter = state.access.known, state.access.limits, state.access.meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        anthropic = path == COUNT_TOKENS or ENDPOINTS[path].dialect == "anthropic"
        reply = Reply(send, "anthropic" if anthropic else "openai", _request_id(headers))
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed(f"{path} takes POST.")
            caller = await self._caller(headers)
            asked = read_asked(await _read_body(headers, receive, self._state.settings.max_body_bytes))
            if path == COUNT_TOKENS:
                await reply.json(await count_tokens(asked.whole()))
            else:
                endpoint = ENDPOINTS[path]
                call = Call(endpoint.upstream, caller, asked, reply.request_id, _origin(scope, headers))
                with _until_gone(receive):
                    await self._answer(endpoint, call, reply)
        except ClientGone:
            pass
        except Exception as error:
            if getattr(error, "status", 500) >= 500:
                _log.warning("%s %s: %s", reply.request_id, path, error)
            await reply.problem(error)
        _log.debug("%s %s answered %d", reply.request_id, path, reply.status)
        self._state.metrics.requests.labels(path, str(reply.status)).inc()

    async def _caller(self, headers: dict[bytes, bytes]) -> Caller:
        authorization = headers.get(b"authorization", b"").decode("latin-1")
        if not authorization and (key := headers.get(b"x-api-key")):  # as Anthropic's clients send it
            authorization = f"Bearer {key.decode('latin-1')}"
        caller = await self._state.auth.caller(authorization)
        if caller is None:
            raise NotAuthenticated("Send an API key: `Authorization: Bearer sk-…`. Settings makes one.")
        if caller.scopes is not None and not caller.scopes & {"inference", "*"}:
            raise NotAllowed("This API key lacks the scope 'inference', which /v1 needs.")
        return caller

    async def _answer(self, endpoint: Endpoint, call: Call, reply: Reply) -> None:
        candidates = self._known.plan(call.asked.model)
        rules = self._limits.rules(call.caller, candidates[0].model)
        counted: Counted | None = None
        if rules:
            said = await self._limits.admit(rules, call.asked.most_tokens)
            refused = isinstance(said, Refused)
            standings = [Standing(said.rule, 0, said.wait)] if refused else said.standings
            reply.beside += limit_headers(standings, anthropic=endpoint.dialect == "anthropic")
            if refused:
                raise refusal(said)
            counted = said
        used = Used(len(call.asked.body))
        try:
            await self._serve(endpoint_for(endpoint, candidates[0].model), call, candidates, reply, used)
        finally:
            if counted:
                self._limits.settle(counted, used.tokens.total)

    async def _serve(
        self, endpoint: Endpoint, call: Call, candidates: list[Candidate], reply: Reply, used: Used
    ) -> None:
        translation = endpoint.translate(call.asked.whole()) if endpoint.translate else None
        if translation:
            call.path, call.asked = endpoint.upstream, encoded_asked(call.asked, translation.request())
        model, failed = candidates[0].model, True
        try:
            served = await self._courier.fetch(call, candidates)
            model = served.model
            reply.beside.append((b"x-penstock-model", quote(model, safe=_PLAIN).encode()))
            try:
                if translation:
                    await translate(served, call.asked, translation, reply, used)
                else:
                    await pass_on(served, call.asked, reply, used)
                failed = served.status >= 400
            finally:
                await served.source.aclose()
        finally:
            if reply.started:
                # What a toolchain's models cost is counted where they are asked.
                tokens = Tokens() if model.startswith(PREFIX) else used.tokens
                self._meter.add(call.caller, model, tokens, failed=failed)


@contextlib.asynccontextmanager
async def open_gateway(state: State) -> AsyncGenerator[Gateway]:
    """Makes the gateway, and ends its connections to upstreams."""
    courier = Courier(state, ToolchainModels(state))
    try:
        yield Gateway(state, courier)
    finally:
        await courier.close()


async def _read_body(headers: dict[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge before more than `limit` bytes are read: the server throws the rest away."""
    length = headers.get(b"content-length", b"")
    told = int(length) if length.isdigit() else 0
    parts: list[bytes] = []
    size, more = 0, True
    while more or max(size, told) > limit:
        if max(size, told) > limit:
            raise TooLarge(f"The body is larger than {limit >> 20} MiB, the most that is taken here.")
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _request_id(headers: dict[bytes, bytes]) -> str:
    """The client's own, where it gave one that can be used."""
    given = headers.get(b"x-request-id")
    return given.decode() if given and _REQUEST_ID.fullmatch(given) else str(uuid7())


def _origin(scope: Scope, headers: dict[bytes, bytes]) -> str:
    host = headers.get(b"host", b"localhost").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}"


@contextlib.contextmanager
def _until_gone(receive: Receive) -> Generator[None]:
    """Breaks off what is within, with ClientGone, when the client closes the connection."""
    work = asyncio.current_task()
    watching: asyncio.Task[None] | None = None
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if work:
            work.cancel()

    def begin() -> None:
        nonlocal watching
        watching = asyncio.create_task(watch())

    beginning = asyncio.get_running_loop().call_later(_PATIENCE, begin)
    try:
        yield
    except asyncio.CancelledError:
        if gone and work and work.uncancel() == 0:
            raise ClientGone from None
        raise
    finally:
        beginning.cancel()
        if watching:
            watching.cancel()
