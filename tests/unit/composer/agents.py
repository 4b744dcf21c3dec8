"""Agent nodes, and functions for the time of a test that they may call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
from pydantic import BaseModel, ConfigDict

from inference.errors import NotFound
from inference.functions import Context, Function, registry
from inference.models.toolchain import AgentNode
from tests.unit.composer.model import Reply, calls

LOOK: list[dict[str, Any]] = [{"function": "look"}]


class AskedFor(BaseModel):
    model_config = ConfigDict(extra="forbid")
    query: str
    limit: int = 10


class Given(BaseModel):
    value: Any


Call = Callable[[Context, AskedFor], Awaitable[BaseModel]]
Register = Callable[[str, Call], None]


def register(monkeypatch: pytest.MonkeyPatch, name: str, call: Call, *, read_only: bool = False) -> None:
    """Puts a function into the registry for the time of a test."""
    made = Function(name, call, AskedFor, Given, "search:read", False, "json", 200, f"What {name} does.", read_only)
    monkeypatch.setitem(vars(registry)["_registry"], name, made)


def register_look(monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """Registers `look`, which gives back what it was asked; the requests that came."""
    seen: list[AskedFor] = []

    async def call(ctx: Context, request: AskedFor) -> Given:
        seen.append(request)
        if request.query == "missing":
            raise NotFound("There is no such thing.")
        if request.query == "broken":
            raise ZeroDivisionError
        return Given(value=request.query)

    register(monkeypatch, "look", call)
    return seen


def agent(tools: list[dict[str, Any]] | None = None, **fields: Any) -> AgentNode:
    given = {"id": "agent", "kind": "agent", "model": "m", "prompt": "Go", "stream": "a"}
    return AgentNode.model_validate(given | {"tools": LOOK if tools is None else tools} | fields)


def asks(*queries: str, text: str = "", name: str = "look") -> Reply:
    """The model asks the tool for these, in one turn."""
    return calls(*[(name, orjson.dumps({"query": query}).decode()) for query in queries], text=text)
