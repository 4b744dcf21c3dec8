"""Server-sent events, read as the standard says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.platform import Platform


@dataclass(frozen=True)
class Event:
    """One event; `data` is its JSON."""

    id: int
    name: str
    data: Any


def read_events(response: httpx.Response) -> Iterator[Event]:
    """The events of a stream as they come."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if not line:
            if "data" in fields:
                yield Event(int(fields.get("id", 0)), fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def ask(platform: Platform, body: dict[str, Any], *, token: str | None = None, after: int = 0) -> list[Event]:
    """All events of POST /v1/query."""
    headers = {"Authorization": f"Bearer {token or platform.token}"} | ({"Last-Event-ID": str(after)} if after else {})
    with platform.http.stream("POST", f"{platform.url}/v1/query", json=body, headers=headers, timeout=60) as response:
        assert response.status_code == 200, response.read()
        return list(read_events(response))


def follow(platform: Platform, path: str, *, after: int = 0) -> list[Event]:
    """All events of a stream of the administrator's that is read with GET."""
    headers = {"Authorization": f"Bearer {platform.token}", "Last-Event-ID": str(after)}
    with platform.http.stream("GET", f"{platform.url}{path}", headers=headers, timeout=60) as response:
        assert response.status_code == 200, response.read()
        return list(read_events(response))


def text_of(events: list[Event]) -> str:
    """What was said."""
    return "".join(event.data["text"] for event in events if event.name == "delta")
