"""The answer to one request of the token path."""

from __future__ import annotations

from typing import Any, Literal

import orjson
from starlette.types import Send

from inference.errors import PenstockError
from inference.server.problems import anthropic_error, headers, known, openai_error

Header = tuple[bytes, bytes]
_JSON = (b"content-type", b"application/json")


class Reply:
    """Sends one answer, and knows how far it has come. `beside`: headers that it has whatever it turns out to be."""

    def __init__(self, send: Send, dialect: Literal["openai", "anthropic"], request_id: str) -> None:
        self._send, self._dialect, self.request_id = send, dialect, request_id
        self.started = False
        self.status = 499
        self.events = False
        self.beside: list[Header] = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-request-id", request_id.encode("latin-1")),
        ]

    async def start(self, status: int, headers: list[Header]) -> None:
        self.started, self.status = True, status
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *self.beside]})

    async def body(self, part: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": part, "more_body": more})

    async def whole(self, status: int, headers: list[Header], body: bytes) -> None:
        """All at once."""
        await self.start(status, [*headers, (b"content-length", str(len(body)).encode())])
        await self.body(body, more=False)

    async def json(self, value: Any, status: int = 200) -> None:
        await self.whole(status, [_JSON], orjson.dumps(value))

    async def problem(self, error: Exception) -> None:
        """Ends with an error: as an answer of its own, or as the last event of a stream that had begun."""
        problem = known(error, self.request_id)
        if not self.started:
            told = [(name.lower().encode(), value.encode()) for name, value in headers(problem).items()]
            status = 400 if problem.status == 422 else problem.status
            await self.whole(status, [_JSON, *told], orjson.dumps(self.shape(problem)))
        elif self.events:
            await self.body(self.event(problem), more=False)
        else:
            raise error

    def shape(self, problem: PenstockError) -> dict[str, Any]:
        """An error as this dialect says it."""
        if self._dialect == "anthropic":
            return anthropic_error(problem) | {"request_id": self.request_id}
        return openai_error(problem)

    def event(self, problem: PenstockError) -> bytes:
        """An error as an event."""
        name = b"event: error\n" if self._dialect == "anthropic" else b""
        return b"%sdata: %s\n\n" % (name, orjson.dumps(self.shape(problem)))
