"""Where the text of code nodes runs: processes of pydantic-monty, an interpreter that knows no files and no network.

A process runs one text and is not used again, so that nothing passes from one user's code to another's. It is killed
when it goes over a limit that it does not keep itself, and when whoever waits for it is cancelled."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic_monty import (
    AsyncMonty,
    AsyncMontySession,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySyntaxError,
)

from inference.composer.snippet import VALUE_CHARACTERS, Snippet, read_snippet
from inference.errors import CodeFailed, InvalidInput, LimitReached, NotAvailableHere

PRINTED_CHARACTERS = 100_000
"""The most that a program may print."""

GRACE_SECONDS = 2.0
"""How much longer than its limit a program may take, sleeping included, before its process is killed."""

_MESSAGE_CHARACTERS = 1000
_INTEGERS = range(-(2**63), 2**64)
_LONG = re.compile(r"[0-9]{19}")
_MIB = 1024 * 1024

# How the sandbox names its own limits; the code's own TimeoutError and MemoryError are the code's failure.
_TIME = ("TimeoutError: feed time limit exceeded", "TimeoutError: sleep limit exceeded")
_MEMORY = ("MemoryError: memory limit exceeded", "MemoryError: the worker exceeded its memory limit")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`value`: JSON, that of the program's last line when it is an expression, else None. `printed`: its output."""

    value: Any
    printed: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one program: seconds of work, and of sleep; memory in MiB."""

    seconds: float
    memory_mb: int


async def run_code(code: str, given: Mapping[str, Any], limits: Limits) -> Outcome:
    """Runs the code with the variables `given`, which are JSON. It waits when as many programs run as there are
    processors; that time does not count. Raises CodeFailed, LimitReached, InvalidInput and NotAvailableHere."""
    snippet = read_snippet(code)
    printed = _Printed(asyncio.get_running_loop())
    pool = await _open_pool()
    checkout = pool.checkout(
        limits={
            "max_feed_duration_secs": limits.seconds,
            "max_total_sleep_secs": limits.seconds,
            "max_memory": limits.memory_mb * _MIB,
        },
        # A sleep counts in full: one that is too long is refused, not cut short.
        os_policy={"sleep_system_max": float("inf")},
    )
    try:
        async with checkout as session, asyncio.timeout(limits.seconds + GRACE_SECONDS):
            text = await _feed(session, snippet, dict(given), printed)
    except TimeoutError:
        raise _too_long(limits) from None
    except MontyError as error:
        raise _told(error, snippet, limits) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"The code cannot be given these variables: {error}.", field="input") from None
    return Outcome(_value(text), printed.text)


async def _feed(session: AsyncMontySession, snippet: Snippet, given: dict[str, Any], printed: _Printed) -> Any:
    source = snippet.plain
    if snippet.probe and snippet.valued and await _is_sound(session, snippet.probe):
        source = snippet.valued
    running = asyncio.ensure_future(session.feed_run(source, inputs=given, print_callback=printed))
    printed.running = running
    try:
        return await running
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if printed.full and not (task and task.cancelling()):
            raise LimitReached(
                f"The code printed more than {PRINTED_CHARACTERS:,} characters. "
                "Print less; what is long can be the value of the last line.",
                field="code",
            ) from None
        raise


async def _is_sound(session: AsyncMontySession, source: str) -> bool:
    try:
        await session.feed_run(source)
    except MontySyntaxError:
        return False
    return True


class _Printed:
    """What a program prints. It stops the program that prints too much; called from a thread of the pool."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.running: asyncio.Future[Any] | None = None
        self.full = False
        self._loop = loop
        self._parts: list[str] = []
        self._left = PRINTED_CHARACTERS

    def __call__(self, stream: Literal["stdout", "stderr"], text: str) -> None:
        self._left -= len(text)
        if self._left >= 0:
            self._parts.append(text)
        elif not self.full and self.running:
            self.full = True
            self._loop.call_soon_threadsafe(self.running.cancel)

    @property
    def text(self) -> str:
        return "".join(self._parts)


def _value(text: Any) -> Any:
    """The JSON that the program gave. The text is the work of the sandbox, and yet is read as if it were hostile."""
    if text is None:
        return None
    if len(text) > VALUE_CHARACTERS:
        raise LimitReached(
            f"The value of the last line is longer than {VALUE_CHARACTERS:,} characters of JSON. Give back less.",
            field="code",
        )
    try:
        return json.loads(text, parse_int=_integer if _LONG.search(text) else None)
    except RecursionError:
        raise InvalidInput("The value of the last line is nested too deeply. Make it flatter.", field="code") from None


def _integer(digits: str) -> int:
    # Neither the database's JSON nor other people's clients keep integers beyond 64 bits.
    number = int(digits)
    if number not in _INTEGERS:
        raise InvalidInput(
            "The value of the last line has an integer of more than 64 bits. Make it text with str().", field="code"
        )
    return number


def _told(error: MontyError, snippet: Snippet, limits: Limits) -> Exception:
    """The sandbox's error as one of ours."""
    if isinstance(error, MontyCrashedError):
        if error.timed_out:
            return _too_long(limits)
        return CodeFailed(f"The code broke its sandbox, which was thrown away: {_clipped(str(error))}.", field="code")
    if not isinstance(error, MontyRuntimeError | MontySyntaxError):
        return InvalidInput(f"The code cannot be given these variables: {_clipped(str(error))}.", field="input")
    text = error.display("type-msg")
    if text.startswith(_TIME):
        return _too_long(limits)
    if text.startswith(_MEMORY):
        return LimitReached(
            f"The code needs more than its {limits.memory_mb} MiB of memory. Keep less at once, or raise `memory_mb`.",
            field="memory_mb",
        )
    lines = [frame.line for frame in error.traceback() if frame.filename != "<string>"]  # that is text for eval()
    if snippet.last_line and lines and lines[0] > snippet.last_line:
        return InvalidInput(
            f"The value of the last line is not JSON: {_clipped(error.display('msg'))}. "
            "Give numbers, texts, lists, dicts with text as keys, booleans or None.",
            field="code",
        )
    place = f"Line {lines[-1]}: " if lines else ""
    return CodeFailed(place + _clipped(text), field="code")


def _too_long(limits: Limits) -> LimitReached:
    return LimitReached(
        f"The code took longer than its {limits.seconds:g} seconds. Do less, or raise `seconds`.", field="seconds"
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _MESSAGE_CHARACTERS else text[:_MESSAGE_CHARACTERS] + " …"


_pools: list[AsyncMonty] = []
_opening = asyncio.Lock()


async def _open_pool() -> AsyncMonty:
    """The pool of this process, opened by the first program."""
    if _pools:
        return _pools[0]
    async with _opening:
        if not _pools:
            pool = AsyncMonty(max_checkouts_per_worker=1)
            try:
                await pool.__aenter__()
            except Exception as error:
                raise NotAvailableHere(
                    f"Code nodes need the program `monty` of pydantic-monty-runtime, which does not start: {error}."
                ) from error
            _pools.append(pool)
    return _pools[0]


async def close_sandbox() -> None:
    """Ends the sandbox's processes. The next program opens it anew."""
    while _pools:
        await _pools.pop().__aexit__(None, None, None)
        # The pool's threads come back through call_soon_threadsafe. Before Python 3.14 one that is still inside that
        # call when the interpreter ends aborts the process; a moment in the selector lets it return.
        await asyncio.sleep(0.01)
