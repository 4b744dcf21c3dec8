"""Running the toolchains that ship, and a shelf of documents for them to read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inference.models.runs import RunEvent
from tests.storage.bench import Bench

PUMP = [
    "The pump P-7 was built in 1961. Its maximum operating pressure is 16 bar.",
    "The boiler room is heated to 21 degrees in winter.",
    "Inspect the gasket of the pump P-7 every 200 hours.",
]
HERON = ["A heron stands in the reeds and waits for the water to clear."]
USED = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


async def ran(bench: Bench, toolchain: str, **given: Any) -> tuple[dict[str, Any], list[RunEvent]]:
    """The output of a shipped toolchain's run, which has to complete, and its events."""
    uid = await bench.composer.start(bench.ctx, toolchain, given)
    return await ended(bench, uid)


async def ended(bench: Bench, uid: UUID) -> tuple[dict[str, Any], list[RunEvent]]:
    run, output = await bench.end(uid)
    assert run.status == "completed", run
    assert output is not None
    return output, await bench.events(uid)


def streamed(events: list[RunEvent], path: str) -> str:
    return "".join(e.data["text"] for e in events if e.event == "delta" and e.data["path"] == path)


def usage(calls: int) -> dict[str, int]:
    return {name: calls * count for name, count in USED.items()}


def cited(text: str, citations: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """What each citation covers."""
    return [(text[c["start"] : c["end"]], c["n"]) for c in citations]
