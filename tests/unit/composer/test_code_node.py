"""The code node: Python in a sandbox, and what hostile Python comes to there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import psutil
import pytest

from inference.composer.nodes.code import perform_code
from inference.composer.sandbox import PRINTED_CHARACTERS, close_sandbox
from inference.composer.snippet import VALUE_CHARACTERS
from inference.errors import CodeFailed, InvalidInput, LimitReached, NotAllowed, PenstockError
from inference.functions import Caller
from inference.models.toolchain import CodeNode
from tests.server.waiting import until
from tests.unit.composer.steps import FakeStep


@pytest.fixture(scope="module", autouse=True)
async def sandbox() -> AsyncIterator[None]:
    yield
    await close_sandbox()
    assert not workers()


def node(code: str, **fields: Any) -> CodeNode:
    return CodeNode.model_validate({"id": "code", "kind": "code", "code": code, **fields})


async def run(code: str, **fields: Any) -> Any:
    return await perform_code(node(code, **fields), FakeStep())


async def value(code: str, **fields: Any) -> Any:
    return (await run(code, **fields))["value"]


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if child.name() == "monty"]


async def comes(condition: Callable[[], bool]) -> None:
    await asyncio.to_thread(until, condition, 20)


async def test_the_value_of_the_last_line_and_what_was_printed() -> None:
    step = FakeStep(state={"names": ["b", "a"]})
    given = {"names": {"ref": "state.names"}, "n": 2}
    result = await perform_code(node("print('sorting', n)\nsorted(names)", input=given), step)
    assert result == {"value": ["a", "b"], "printed": "sorting 2\n"}
    assert step.told == [{"names": ["b", "a"], "n": 2}]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = 3", None),
        ("x = 3\nx", 3),
        ("x = 3; x + 1;  # and that is all", 4),
        ("1, 2", [1, 2]),
        ("{\n'a': [1.5, None, True],\n2: 'é\U0001f600'\n}", {"a": [1.5, None, True], "2": "é\U0001f600"}),
        ("s = '''\nx\n'''\ns", "\nx\n"),
        ("'''\nx\n'''", "\nx\n"),
        ("def f(n):\n    return n * 2\n\nf(\n  21\n)  # done\n\n", 42),
        ("for i in range(3):\n    i", None),
        ("if True: 1; 2", None),
        ("try:\n    1\nfinally:\n    2", None),
        ("async def f():\n    return 7\nawait f()", 7),
        ("a = 1\r\nif a:\r\n    a = 2\r\na", 2),
        ("f'{1 + 1} {\"x\"}'", "2 x"),
        ("import json\njson = 5\nlen = str = 6\n[json, len]", [5, 6]),
        ("'[...]'", "[...]"),
        ("\"<function 'f' at 0x1>\"", "<function 'f' at 0x1>"),
        ("raise_ = 1\nraise_ \\\n + 1", 2),
        ("# nothing but a comment", None),
        ("2**64 - 1", 2**64 - 1),
        ("eval('1 + 1')", 2),
    ],
)
async def test_values(code: str, expected: Any) -> None:
    assert await value(code) == expected


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        ("def f():\n    return 1 / 0\n\nf()", 2, "ZeroDivisionError: division by zero"),
        ("x = 1\n\nmissing + x", 3, "NameError: name 'missing' is not defined"),
        ("x = 1\nx = = 2", 2, "SyntaxError"),
        ("raise TimeoutError('mine')", 1, "TimeoutError: mine"),
        ("raise MemoryError('mine')", 1, "MemoryError: mine"),
        ("import json\njson.dumps({1})", 2, "TypeError"),
        ("def f(n):\n    return f(n + 1)\nf(0)", 2, "RecursionError"),
        ("str(7**1_000_00)", 1, "ValueError"),
        ("raise ValueError('x' * 100_000)", 1, "ValueError: xxx"),
        ("(" * 50_000, 1, "SyntaxError"),
        ("-" * 90_000 + "1", 1, "SyntaxError"),
    ],
)
async def test_errors_of_the_code_name_their_line(code: str, line: int, text: str) -> None:
    with pytest.raises(CodeFailed) as caught:
        await run(code)
    assert caught.value.message.startswith(f"Line {line}: {text}")
    assert len(caught.value.message) < 1500
    assert caught.value.field == "code"


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/x', 'w').write('x')",
        "from pathlib import Path\nPath('/etc/passwd').read_text()",
        "import os\nos.listdir('/')",
        "import os\nos.environ['HOME']",
        "import os\nos.getenv('HOME')",
        "import os\nos.system('id')",
        "import socket",
        "import subprocess",
        "import urllib.request",
        "import ctypes",
        "__import__('os')",
        "().__class__.__bases__[0].__subclasses__()",
        "(lambda: 0).__globals__",
        "import re\nre.match(r'(a|aa)+$|(?=x)(\\1)', 'a' * 60 + 'b')",
        "import re\nre.search(r'(.*)*\\1x', 'a' * 60 + 'b')",
    ],
)
async def test_nothing_leads_out_of_the_sandbox(code: str) -> None:
    with pytest.raises(CodeFailed):
        await run(code)
    assert await value("1 + 1") == 2


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("while True: pass", "seconds"),
        ("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass", "seconds"),
        ("sum(range(10**12))", "seconds"),
        ("import time\ntime.sleep(3600)", "seconds"),
        ("import asyncio\nawait asyncio.sleep(3600)", "seconds"),
        ("a = []\nwhile True: a.append('x' * 1_000_000 + str(len(a)))", "memory_mb"),
        ("while True:\n    try:\n        'x' * 10**12\n    except BaseException:\n        pass", "memory_mb"),
        ("list(range(10**9))", "memory_mb"),
        ("9**(9**9)", "memory_mb"),
        ("x = 2\nwhile True: x = x * x", "memory_mb"),
        ("f'{1:>1000000000}'", "memory_mb"),
        ("'a' * 20_000_000", "memory_mb"),
        ("a = [1]\nfor i in range(60): a = [a, a]\na", "memory_mb"),
        ("while True: print('x' * 10_000)", "code"),
        ("print('x' * 1_000_000)", "code"),
    ],
)
async def test_limits_name_what_to_raise_and_others_go_on(code: str, field: str) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    beating = asyncio.create_task(beat())
    with pytest.raises(LimitReached) as caught:
        await run(f"{code}\n", seconds=1, memory_mb=16)
    assert caught.value.field == field
    assert field == "code" or f"`{field}`" in caught.value.message
    before = beats
    assert await value("1 + 1") == 2
    await comes(lambda: beats > before)
    beating.cancel()


async def test_a_value_that_is_too_long() -> None:
    assert len(await value(f"'x' * {VALUE_CHARACTERS - 2}")) == VALUE_CHARACTERS - 2
    with pytest.raises(LimitReached, match="10,485,760"):
        await run(f"len = lambda text: 0\n'x' * {VALUE_CHARACTERS}")


async def test_as_much_may_be_printed_as_is_said() -> None:
    assert len((await run(f"print('x' * {PRINTED_CHARACTERS - 1})"))["printed"]) == PRINTED_CHARACTERS


@pytest.mark.parametrize(
    "code",
    [
        "lambda: 1",
        "def f(): pass\n[f]",
        "print",
        "import math\nmath",
        "a = []\na.append(a)\na",
        "d = {}\nd['d'] = d\nd",
        "a = []\nfor i in range(100_000): a = [a]\na",
        "class A:\n    pass\nA()",
        "class A:\n    pass\nA",
        "float('nan')",
        "{'a': [float('inf')]}",
        "{1, 2}",
        "b'x'",
        "{(1, 2): 3}",
        "2**64",
        "[-2**63 - 1]",
        "10**5000",
        "range(3)",
        "iter([1])",
        "ValueError('x')",
        "from datetime import datetime\ndatetime(2020, 1, 1)",
        "async def f(): pass\nf()",
    ],
)
async def test_values_that_are_not_json(code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await run(code)
    assert caught.value.field == "code"
    assert "the last line" in caught.value.message


async def test_a_deep_value_comes_out_whole_or_not_at_all() -> None:
    for depth in (50, 300, 700, 950):
        try:
            given = await value(f"a = 1\nfor i in range({depth}): a = [a]\na")
        except InvalidInput:
            assert depth > 300
        else:
            assert json.dumps(given) == "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize("name", ["a b", "1a", "a.b", ""])
async def test_names_that_cannot_be_variables(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await run("1", input={name: 1})
    assert caught.value.field == f"input.{name}"


async def test_keywords_cannot_be_variables() -> None:
    with pytest.raises(PenstockError, match="class"):
        await run("1", input={"class": 1})


async def test_variables_that_are_too_large_for_the_memory() -> None:
    step = FakeStep(state={"text": "x" * 5_000_000})
    with pytest.raises(LimitReached) as caught:
        await perform_code(node("text", input={"text": {"ref": "state.text"}}, memory_mb=2), step)
    assert caught.value.field == "memory_mb"


async def test_nothing_stays_from_one_code_to_the_next() -> None:
    await run("import random\nleft = 1\nrandom.seed(1)")
    with pytest.raises(CodeFailed, match="left"):
        await run("left")


async def test_cancelling_stops_the_code() -> None:
    task = asyncio.create_task(run("while True: pass", seconds=60))
    await comes(lambda: any(worker.cpu_times().user > 0.05 for worker in workers()))
    busy = {worker.pid for worker in workers()}
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await comes(lambda: not busy & {worker.pid for worker in workers()})
    assert await value("1 + 1") == 2


async def test_a_killed_process_is_the_failure_of_one_node() -> None:
    task = asyncio.create_task(run("while True: pass", seconds=60))
    await comes(lambda: any(worker.cpu_times().user > 0.05 for worker in workers()))
    for worker in workers():
        worker.kill()
    with pytest.raises(CodeFailed, match="broke its sandbox"):
        await task
    assert await value("1 + 1") == 2


async def test_more_codes_at_once_than_there_are_processes() -> None:
    assert await asyncio.gather(*(value(f"{n} * 2") for n in range(40))) == [n * 2 for n in range(40)]


async def test_the_sandbox_opens_again_after_it_was_closed() -> None:
    assert await value("1") == 1
    await close_sandbox()
    assert not workers()
    assert await value("2") == 2


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (None, True),
        (frozenset({"code:run"}), True),
        (frozenset({"code"}), True),
        (frozenset({"*"}), True),
        (frozenset({"toolchains:run", "documents"}), False),
        (frozenset[str](), False),
    ],
)
async def test_only_who_has_the_scope_runs_code(scopes: frozenset[str] | None, may: bool) -> None:
    step = FakeStep(caller=Caller(1, "u", "u", is_admin=True, scopes=scopes))
    if may:
        assert (await perform_code(node("1"), step))["value"] == 1
    else:
        with pytest.raises(NotAllowed, match="code:run"):
            await perform_code(node("1"), step)
        assert step.told == []
