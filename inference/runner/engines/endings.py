"""Why a foreign engine ended, read from its log: the pure part that the kinds share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inference.runner.kinds import Failure

LONGEST = 400  # characters of a reason


def explain_ending(
    log: Sequence[str], ending: str, *, memory: re.Pattern[str], error: re.Pattern[str], echo: re.Pattern[str]
) -> Failure:
    """`memory` finds in a line that memory ran out; `error` takes a reason out of a line (its first group); `echo` finds
    reasons that only say that there was another. The last one counts: what is older belongs to requests."""
    lines = list(log)
    out_of_memory = next((line for line in reversed(lines) if memory.search(line)), None)
    reasons = [found.group(1).strip() for line in lines if (found := error.search(line))]
    telling = [reason for reason in reasons if not echo.search(reason)] or reasons
    reason = _reason(out_of_memory, error) if out_of_memory else telling[-1] if telling else ""
    # The system ends a process in this way when there is no memory left, and leaves it no time to say so.
    killed = "SIGKILL" in ending
    words = f"it {ending}" + (f": {reason[:LONGEST]}" if reason else "")
    return Failure(memory=out_of_memory is not None or killed, words=words)


def _reason(line: str, error: re.Pattern[str]) -> str:
    found = error.search(line)
    return (found.group(1) if found else line).strip()
