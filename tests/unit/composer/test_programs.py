"""What graphs are made with is loaded when there is one."""

from __future__ import annotations

from importlib import import_module

import pytest

from inference.composer import programs
from inference.composer.programs import Programs

EMITS = [{"id": each, "kind": "emit", "event": "state", "data": 1} for each in ("a", "b")]
PARTED = {
    "id": "parted",
    "title": "Parted",
    "nodes": EMITS,
    "edges": [{"from": begin, "to": to} for each in ("a", "b") for begin, to in (("start", each), (each, "end"))],
}
STRAIGHT = {"id": "straight", "title": "Straight", "nodes": EMITS[:1], "edges": PARTED["edges"][:2]}


async def test_what_could_not_be_loaded_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [True, False]

    def load(name: str) -> object:
        if fails.pop(0):
            raise ImportError("too many open files")
        return import_module(name)

    monkeypatch.setattr(programs, "import_module", load)
    held = Programs()
    await held.ready(held.of(STRAIGHT))
    assert len(fails) == 2
    with pytest.raises(ImportError):
        await held.ready(held.of(PARTED))
    await held.ready(held.of(PARTED))
    await held.ready(held.of(PARTED))
    assert fails == []
    await held.close()
