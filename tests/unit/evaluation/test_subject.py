"""A measured process obeys orders, says what went wrong, and does not outlive its context."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from inference.evaluation.processes import Unmeasurable
from inference.evaluation.subject import subject

_PROCESS = """
import asyncio, os, sys
from inference.evaluation.orders import obey

async def double(number):
    print("what a library prints is no answer")
    return number * 2

async def fail():
    raise ValueError("it cannot be done")

async def die():
    sys.stderr.write("last words")
    sys.stderr.flush()
    os._exit(3)

asyncio.run(obey({"double": double, "fail": fail, "die": die}))
"""


def test_orders_are_answered_one_by_one(tmp_path: Path) -> None:
    with subject("it", tmp_path, sys.executable, "-c", _PROCESS) as it:
        assert it.ask("double", number=21) == 42
        with pytest.raises(Unmeasurable, match=r"it cannot fail:(?s:.*)ValueError: it cannot be done"):
            it.ask("fail")
        assert it.ask("double", number=1) == 2, "a fault ends nothing"
        assert it.memory_mb() > 1
    assert not psutil.pid_exists(it.pid)


def test_a_process_that_is_gone_says_its_last_words(tmp_path: Path) -> None:
    with subject("it", tmp_path, sys.executable, "-c", _PROCESS) as it:
        with pytest.raises(Unmeasurable, match="last words"):
            it.ask("die")
        with pytest.raises(Unmeasurable, match="has ended and cannot double"):
            it.ask("double", number=1)


def test_a_killed_process_answers_no_more(tmp_path: Path) -> None:
    with subject("it", tmp_path, sys.executable, "-c", _PROCESS) as it:
        assert it.ask("double", number=2) == 4
        it.kill()
        with pytest.raises(Unmeasurable):
            it.ask("double", number=2)
