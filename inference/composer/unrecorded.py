"""A run that leaves nothing behind: no row, no events, no record of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inference.composer.inputs import checked_input
from inference.composer.scope import Recorded, RunContext
from inference.composer.state import State, Write, beginning
from inference.functions import Context, new_id

if TYPE_CHECKING:
    from inference.composer.program import Program


class NoJournal:
    """Remembers nothing of a run."""

    edits = 0

    def take_edits(self, key: str | None, seen: int) -> list[tuple[tuple[Write, ...], bool]]:
        return []

    def find(self, key: str) -> Recorded | None:
        return None

    def begun(self, key: str) -> bool:
        return False

    async def enter(self, key: str, *, acts: bool) -> None:
        """Tells nobody."""

    async def record(
        self, key: str, kind: str, recorded: Recorded, *, shared: bool, duration_ms: float, wait: bool | None
    ) -> None:
        return None

    async def store(self) -> None:
        """Nothing."""


async def run_unrecorded(ctx: Context, program: Program, given: dict[str, Any]) -> dict[str, Any]:
    """The output of a program's run within the caller's task. It knows no other toolchains, and its threads' keys begin
    empty. Raises InvalidInput where `given` does not fit, NodeFailed, and Paused where a node waits."""
    names = {"id": str(new_id()), "thread_id": "", "user_id": ctx.user.user_id, "toolchain_id": program.toolchain.id}
    run = RunContext(ctx, lambda event, data: None, names, NoJournal(), _no_other)
    keys = program.toolchain.state
    return await program.run(run, State(keys, beginning(keys)), checked_input(program.toolchain.input, given), None)


async def _no_other(toolchain_id: str, version: int | None) -> Program:
    raise LookupError(f"a run without a record runs no other toolchain ({toolchain_id!r})")
