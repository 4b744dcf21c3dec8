"""Runs within vLLM, in vLLM's environment: asks for the engine's token on every path.

vLLM's own key protects `/v1` alone, and leaves open what works as well (`/invocations`), tells of others' requests
(`/metrics`) or steers the engine (`/sleep`, `/collective_rpc`). Needs nothing but the standard library.
"""

import hmac
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = ("/health",)
_REFUSAL = (
    b'{"error":{"message":"The engine\'s token is missing or wrong. Lease the model again.",'
    b'"type":"invalid_request_error","param":null,"code":"invalid_api_key"}}'
)


class Guard:
    """ASGI middleware, for `--middleware penstock_guard.Guard`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._expected = b"Bearer " + os.environ["VLLM_API_KEY"].encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in OPEN or self._knows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_REFUSAL)).encode())]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": _REFUSAL})
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _knows(self, scope: Message) -> bool:
        given = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._expected)
