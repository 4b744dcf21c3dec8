"""The processes that read files: which there are, and others in their place."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from inference.functions.reading import read_isolated

Instead = Callable[[str], None]
"""Has code run in place of the reader: what a crash or a takeover of it would look like from outside. It knows `order`
and `work`, which is the reader."""


async def warm() -> None:
    """Has the server started, so that its start is no part of a time that is short. No other code runs for this."""
    await read_isolated(b"x", "warm.txt")


def servers() -> set[int]:
    """Fork servers that this process has."""
    return {child.pid for child in psutil.Process().children() if _is_server(child)}


def readers() -> set[int]:
    """Processes that fork servers of this process have forked."""
    return {child.pid for server in servers() for child in psutil.Process(server).children() if lives(child.pid)}


def lives(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def tell(expression: str) -> str:
    """Code that answers with the value of an expression, as JSON in the message of a failure."""
    return f"""
        import json, struct
        payload = json.dumps({{"error": "UnreadableDocument", "message": json.dumps({expression})}}).encode()
        sys.stdout.buffer.write(struct.pack(">cI", b"f", len(payload)) + payload)
    """


def _is_server(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and any("forkserver" in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False
