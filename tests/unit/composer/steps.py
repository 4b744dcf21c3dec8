"""A node at work without an engine: what a kind is lent, and what it told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

from inference.composer.scope import RunContext
from inference.composer.values import evaluate
from inference.functions import Caller
from inference.settings import Settings

ALICE = Caller(1, "alice", "alice", is_admin=False)


class FakeStep:
    """A Step of a run by `caller`. What the node told is in `told`, its events in `events`, its text in `texts`."""

    def __init__(self, *, caller: Caller | None = ALICE, settings: Settings | None = None, **scope: Any) -> None:
        self.key = "node"
        self.told: list[Any] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.texts: list[tuple[str, str]] = []
        self._scope: dict[str, Any] = {"input": {}, "state": {}, "nodes": {}, "run": {}} | scope
        ctx = SimpleNamespace(caller=caller, user=caller, settings=settings or Settings())
        self._run = SimpleNamespace(ctx=ctx, emit=lambda event, data: self.events.append((event, data)), run={})  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - an Emit

    @property
    def run(self) -> RunContext:
        return cast(RunContext, self._run)

    @property
    def scope(self) -> Mapping[str, Any]:
        return self._scope

    def evaluate(self, value: Any) -> Any:
        return evaluate(value, self._scope)

    def tell(self, values: Any) -> None:
        self.told.append(values)

    def write_text(self, path: str, text: str) -> None:
        self.texts.append((path, text))

    async def once(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        *,
        kind: str = "step",
        input: Any = None,
        acts: bool = True,
    ) -> Any:
        return await work()

    async def run_toolchain(
        self, name: str, toolchain_id: str, version: int | None, given: Mapping[str, Any], stream: str | None = None
    ) -> dict[str, Any]:
        raise NotImplementedError(f"{name}: there is no engine here that runs {toolchain_id}")
