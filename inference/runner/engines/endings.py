"""Why a foreign engine ended, read from its log: the pure part that the kinds share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inference.runner.kinds import Failure, in_words

LONGEST = 400  # characters of a reason


def explain_ending(
    log: Sequence[str], ending: str, *, memory: re.Pattern[str], error: re.Pattern[str], echo: re.Pattern[str]
) -> Failure:
    """`memory` finds in a line that memory ran out; `error` takes a reason out of a line (its group); `echo` finds
    reasons that only say that there was another. The last one counts: what is older belongs to requests."""
    told = [_reason(line, error) for line in log if memory.search(line)]
    reasons = [_reason(line, error) for line in log if error.search(line)]
    telling = told or [reason for reason in reasons if not echo.search(reason)] or reasons
    # The system ends a process by this signal when there is no memory left, and leaves it no time to say so.
    killed = "SIGKILL" in ending
    words = in_words(ending) + (f": {telling[-1][:LONGEST]}" if telling else "")
    return Failure(memory=bool(told) or killed, words=words)


def _reason(line: str, error: re.Pattern[str]) -> str:
    found = error.search(line)
    return next(filter(None, found.groups()), line).strip() if found else line.strip()
