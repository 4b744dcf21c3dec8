"""The side of a measured process that is told what to do, line by line. Nothing but the standard library: peers use it
within environments of their own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Action = Callable[..., Awaitable[Any]]


async def obey(actions: Mapping[str, Action]) -> None:
    """Reads orders `{"do": action, …}` from stdin until it ends, and answers each on stdout with `{"result": …}` or
    `{"error": …}`. Whatever else writes to stdout goes to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        try:
            said = {"result": await actions[order.pop("do")](**order)}
        except Exception:
            said = {"error": traceback.format_exc()}
        answers.write(json.dumps(said) + "\n")
        answers.flush()
