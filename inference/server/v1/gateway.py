"""The token path: /v1/chat/completions, /v1/embeddings and /v1/rerank as bare ASGI. Bytes go from the client to the
engine and back; of a request only `model` is looked at, of an answer nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator
from typing import Any

import aiohttp
import orjson
from starlette.types import Receive, Scope, Send
from uuid_utils import uuid7

from inference.errors import InvalidInput, NotAllowed, NotAuthenticated, PenstockError, Unavailable
from inference.functions import Caller
from inference.runner import CALLER_HEADER, Lease
from inference.server.bodies import parse_object, read_body
from inference.server.problems import MethodNotAllowed, openai_error, openai_problem
from inference.server.state import State
from inference.server.v1.toolchain_model import PREFIX, answer_chat

# Hop-by-hop headers (RFC 9110, 7.6.1) and those that are the server's own.
_OWN = frozenset(
    (b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"date", b"server", b"upgrade", b"trailer")
)
_NO_SNIFF = (b"x-content-type-options", b"nosniff")
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=600)
# Seconds until a task begins to look whether the client is still there: it would be a tenth of what a short answer
# costs, and short answers have come by then.
_PATIENCE = 0.05
PATHS = {
    "/v1/chat/completions": "/chat/completions",
    "/v1/embeddings": "/embeddings",
    "/v1/rerank": "/rerank",
}


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Gateway:
    """Answers the token path for one server process."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sender = _Sender(send)
        headers: dict[bytes, bytes] = dict(scope["headers"])
        path: str = scope["path"]
        try:
            if scope["method"] != "POST":
                raise MethodNotAllowed(f"{path} takes POST.")
            caller = await self._caller(headers)
            body = await read_body(headers, receive, self._state.settings.max_body_bytes)
            request = parse_object(body)
            model = request.get("model")
            if not isinstance(model, str) or not model:
                raise InvalidInput("Name a model: GET /v1/models lists them.", field="model")
            if model.startswith(PREFIX) and path == "/v1/chat/completions":
                await answer_chat(self._state, caller, scope, request, receive, sender.send)
            else:
                encodings = headers.get(b"accept-encoding", b"identity").decode("latin-1")
                await self._forward(PATHS[path], model, request, body, caller, encodings, receive, sender)
        except ClientGone:
            pass
        except Exception as error:
            await sender.problem(error)
        self._state.metrics.requests.labels(path, str(sender.status)).inc()

    async def _caller(self, headers: dict[bytes, bytes]) -> Caller:
        caller = await self._state.auth.caller(headers.get(b"authorization", b"").decode("latin-1"))
        if caller is None:
            raise NotAuthenticated("Send an API key: `Authorization: Bearer sk-…`. Settings makes one.")
        if caller.scopes is not None and not caller.scopes & {"inference", "*"}:
            raise NotAllowed("This API key lacks the scope 'inference', which /v1 needs.")
        return caller

    async def _forward(
        self,
        path: str,
        model: str,
        request: dict[str, Any],
        body: bytes,
        caller: Caller,
        encodings: str,
        receive: Receive,
        sender: _Sender,
    ) -> None:
        for attempt in (1, 2):
            lease = await self._state.base.runner.lease(model)
            data = body if lease.model == model else orjson.dumps(request | {"model": lease.model})
            try:
                with _until_gone(receive):
                    async with self._post(lease, path, data, caller, encodings) as response:
                        await _relay(response, sender)
                return
            except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
                await self._state.base.runner.forget(lease)
                if sender.started:
                    raise Unavailable(f"The model {model!r} stopped in the middle of its answer. Ask again.") from error
                if attempt == 2:
                    raise Unavailable(f"The model {model!r} does not answer now. Try again in a moment.") from error

    def _post(self, lease: Lease, path: str, data: bytes, caller: Caller, encodings: str) -> Any:
        """`encodings`: what the client can unpack, for its answer is not unpacked here."""
        own = {"Content-Type": "application/json", "Accept-Encoding": encodings}
        if not lease.remote:
            own[CALLER_HEADER] = caller.user_id
        return self._state.http.post(
            lease.base_url + path,
            data=data,
            headers=lease.headers | own,
            timeout=_TIMEOUT,
        )


async def _relay(response: aiohttp.ClientResponse, sender: _Sender) -> None:
    headers = [(key, value) for name, value in response.raw_headers if (key := name.lower()) not in _OWN]
    if response.content_length is not None:
        # Before the head is sent: an engine that dies until then is asked again, and both leave in one write.
        whole = await response.read()
        await sender.start(response.status, [*headers, (b"content-length", str(len(whole)).encode())])
        await sender.body(whole, more=False)
        return
    await sender.start(response.status, headers)
    async for part in response.content.iter_any():
        await sender.body(part, more=True)
    await sender.body(b"", more=False)


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


class _Sender:
    """Sends one answer, and knows how far it has come."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.status = 499
        self._events = False

    async def send(self, message: Any) -> None:
        """As ASGI's own `send`."""
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            headers = dict(message["headers"])
            self._events = headers.get(b"content-type", b"").startswith(b"text/event-stream")
            added = [_NO_SNIFF] if b"x-request-id" in headers else [_NO_SNIFF, (b"x-request-id", str(uuid7()).encode())]
            message = {**message, "headers": [*message["headers"], *added]}
        await self._send(message)

    async def start(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def body(self, part: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": part, "more_body": more})

    async def problem(self, error: Exception) -> None:
        """Ends with an error: as an answer of its own, or as the last event of a stream that had begun."""
        response = openai_problem(error)
        if not self.started:
            headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
            await self.start(response.status_code, headers)
            await self.body(bytes(response.body), more=False)
        elif self._events:
            known = error if isinstance(error, PenstockError) else PenstockError("Something unforeseen happened.")
            await self.body(b"data: %s\n\n" % orjson.dumps(openai_error(known)), more=False)
        else:
            raise error
