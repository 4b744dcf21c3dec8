"""What every kind of node is lent while it works."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from inference.composer.scope import RunContext


class Step(Protocol):
    """One node at work. A kind is `async def perform(node, step) -> result`, the result being JSON."""

    @property
    def key(self) -> str:
        """The node's place in the run: its id, within others `each[3].id`."""
        ...

    @property
    def run(self) -> RunContext:
        """The run: `ctx` for functions, `emit` for events."""
        ...

    @property
    def scope(self) -> Mapping[str, Any]:
        """What the node may refer to: input, state, nodes, run, and in a body item and index."""
        ...

    def evaluate(self, value: Any) -> Any:
        """What a value of the toolchain is now. Raises MissingReference and InvalidInput."""
        ...

    def tell(self, values: Any) -> None:
        """Says once what the node was given; whoever watches sees it as the input of `node_started`."""
        ...

    def write_text(self, path: str, text: str) -> None:
        """Adds text at a state path and emits it as a `delta`."""
        ...

    async def once(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        *,
        kind: str = "step",
        input: Any = None,
        acts: bool = True,
    ) -> Any:
        """What `work` gives, as JSON. It is a step of its own within this node, seen in the events as `<key>.<name>`:
        when its result was recorded it does not run again. `name` must be the same at every attempt, and unique.
        `acts`: whether it is noticed when `work` is done twice."""
        ...

    async def run_toolchain(
        self, name: str, toolchain_id: str, version: int | None, given: Mapping[str, Any], stream: str | None = None
    ) -> dict[str, Any]:
        """The output of another toolchain, run within this run as `<key>.<name>`; each of its steps is recorded.
        Its streamed text goes to the state path `stream` when one is given. Raises NotFound, InvalidInput, TooDeep."""
        ...
