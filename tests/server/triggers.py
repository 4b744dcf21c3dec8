"""Runs that start by themselves: the toolchains that are started, and how a run ends."""

from __future__ import annotations

from typing import Any

from tests.platform import Platform
from tests.server.waiting import until

WORDY: dict[str, Any] = {
    "id": "wordy",
    "title": "Wordy",
    "input": {
        "type": "object",
        "additionalProperties": False,
        "required": ["word"],
        "properties": {"word": {"type": "string", "maxLength": 20}, "times": {"type": "integer", "default": 2}},
    },
    "nodes": [{"id": "only", "kind": "emit", "event": "state", "data": {"ref": "input.word"}}],
    "edges": [{"from": "start", "to": "only"}, {"from": "only", "to": "end"}],
    "output": {"word": {"ref": "input.word"}, "times": {"ref": "input.times"}},
}
WRAPPED: dict[str, Any] = WORDY | {
    "id": "wrapped",
    "input": {"type": "object", "required": ["body"], "properties": {"body": {}}, "additionalProperties": False},
    "nodes": [{"id": "only", "kind": "emit", "event": "state", "data": {"ref": "input.body"}}],
    "output": {"body": {"ref": "input.body"}},
}


def ended(platform: Platform, run: str, token: str) -> dict[str, Any]:
    """The run when it has ended."""

    def look() -> dict[str, Any] | None:
        found = platform.result("fetch_run", {"run_id": run}, token=token)
        return found if found["status"] not in ("queued", "running", "waiting") else None

    found = until(look, 30)
    assert found
    return found
