"""A client that waits: one connection, one request at a time."""

from __future__ import annotations

import http.client
import time
from typing import Any, cast

import orjson

from inference.evaluation.processes import Unmeasurable

_TIMEOUT = 300.0


class Client:
    """JSON over one kept-alive connection to `127.0.0.1:port`, with `key` as the bearer."""

    def __init__(self, port: int, key: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer's object. Raises Unmeasurable when there is none, or not a 200."""
        return self.timed(path, body)[0]

    def timed(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], float]:
        """The same, and the milliseconds from the request's first byte to the answer's last."""
        data = orjson.dumps(body)
        begun = time.perf_counter()
        try:
            self._connection.request("POST", path, data, self._headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unmeasurable(f"POST {path} got no answer: {error or type(error).__name__}") from error
        took = (time.perf_counter() - begun) * 1000
        if response.status != 200:
            raise Unmeasurable(f"POST {path} answered {response.status}: {content[:300].decode(errors='replace')}")
        return cast("dict[str, Any]", orjson.loads(content)), took

    def call(self, function: str, **request: Any) -> Any:
        """A function of the platform and its result."""
        return self.post(f"/api/{function}", request)["result"]

    def close(self) -> None:
        """Before a long silence too: the next request opens the connection again."""
        self._connection.close()
