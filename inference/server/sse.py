"""Server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request

from inference.errors import InvalidInput

HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
PING = b": ping\n\n"


def event(name: str, data: Any, number: int) -> bytes:
    """One event with its id."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), orjson.dumps(data))


def last_event_id(request: Request) -> int:
    """The number after which a client wants to read on; 0 for a new one. Raises InvalidInput."""
    given = request.headers.get("last-event-id") or request.query_params.get("last_event_id") or "0"
    if not given.isdecimal() or len(given) > 9:
        raise InvalidInput("Last-Event-ID is the number of an event of this stream.", field="Last-Event-ID")
    return int(given)
