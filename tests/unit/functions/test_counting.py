"""Limits, counted: what was let in within any sixty whole seconds is never more than the rule says. The same examples
in this process and in a Redis, and every sequence that hypothesis thinks of in this process."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections import deque
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inference.functions.gateway.counting import DAY, SPAN, Counted, Counts, Refused, Rule, Window
from inference.functions.gateway.shared_counting import SharedCounts

NOW = 20_000 * DAY + 100.5
REQUESTS = Rule("user:ann", "requests", 3)
TOKENS = Rule("user:ann", "tokens", 100)
BUDGET = Rule("user:ann", "day", 1000)
AT_ONCE = Rule("user:ann", "concurrent", 2)


class InProcess:
    """Counts, with the face of SharedCounts."""

    def __init__(self) -> None:
        self.counts = Counts()

    async def begin_day(self, rule: Rule, tokens: int, now: float) -> None:
        self.counts.begin_day(rule, tokens, now)

    async def admit(self, rules: list[Rule], request: str, tokens: int, now: float) -> Counted | Refused:
        return self.counts.admit(rules, request, tokens, now)

    async def settle(self, counted: Counted, tokens: int) -> None:
        self.counts.settle(counted, tokens, NOW)

    async def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a Redis of this module's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed: apt install redis-server")
    folder: Path = tmp_path_factory.mktemp("redis")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    for line in process.stdout:
        if "Ready to accept connections" in line:
            break
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.stdout.read()
    process.wait(10)
    process.stdout.close()


@pytest.fixture(params=["in process", "redis"])
async def counts(request: pytest.FixtureRequest) -> AsyncGenerator[InProcess | SharedCounts]:
    if request.param == "in process":
        yield InProcess()
        return
    shared = SharedCounts(request.getfixturevalue("redis"))
    await shared._redis.flushdb()  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType] - a test's own
    yield shared
    await shared.close()


async def admitted(counts: InProcess | SharedCounts, rule: Rule, request: str = "r", tokens: int = 0) -> Counted:
    said = await counts.admit([rule], request, tokens, NOW)
    assert isinstance(said, Counted), said
    return said


async def refused(counts: InProcess | SharedCounts, rule: Rule, tokens: int = 0) -> Refused:
    said = await counts.admit([rule], "x", tokens, NOW)
    assert isinstance(said, Refused), said
    return said


class TestBothWays:
    async def test_requests(self, counts: InProcess | SharedCounts) -> None:
        left = [(await admitted(counts, REQUESTS, str(n))).standings[0].left for n in range(3)]
        assert left == [2, 1, 0]
        assert 1 <= (await refused(counts, REQUESTS)).wait <= SPAN

    async def test_what_was_set_aside_becomes_what_it_cost(self, counts: InProcess | SharedCounts) -> None:
        first = await admitted(counts, TOKENS, tokens=90)
        assert (await refused(counts, TOKENS, 20)).rule == TOKENS
        await counts.settle(first, 30)
        second = await admitted(counts, TOKENS, tokens=20)
        assert second.standings[0].left == 50
        await counts.settle(second, 90)
        assert (await refused(counts, TOKENS)).wait >= 1

    async def test_a_request_larger_than_the_limit_waits_for_all_of_it(self, counts: InProcess | SharedCounts) -> None:
        large = await admitted(counts, TOKENS, tokens=5000)
        assert large.standings[0].left == 0
        await refused(counts, TOKENS, 1)
        await counts.settle(large, 40)
        await refused(counts, TOKENS, 5000)
        await admitted(counts, TOKENS, tokens=60)

    async def test_a_day(self, counts: InProcess | SharedCounts) -> None:
        await counts.begin_day(BUDGET, 900, NOW)
        await counts.begin_day(BUDGET, 0, NOW)
        await refused(counts, BUDGET, 200)
        one = await admitted(counts, BUDGET, tokens=100)
        assert 1 <= (await refused(counts, BUDGET)).wait <= DAY
        await counts.settle(one, 50)
        assert (await admitted(counts, BUDGET, tokens=10)).standings[0].left == 40

    async def test_at_once(self, counts: InProcess | SharedCounts) -> None:
        first = await admitted(counts, AT_ONCE, "a")
        await admitted(counts, AT_ONCE, "b")
        assert (await refused(counts, AT_ONCE)).wait == 1
        await counts.settle(first, 0)
        await admitted(counts, AT_ONCE, "c")

    async def test_all_rules_or_none(self, counts: InProcess | SharedCounts) -> None:
        closed = Rule("model:m", "requests", 0)
        for _ in range(5):
            said = await counts.admit([REQUESTS, closed], "r", 0, NOW)
            assert isinstance(said, Refused)
            assert said.rule == closed
        assert (await admitted(counts, REQUESTS)).standings[0].left == 2, "what was refused was not counted"


async def test_processes_hold_one_limit_together(redis: str) -> None:
    """Two clients at once, each as a process of its own would be: exactly as many are let in as the rule says."""
    first, second = SharedCounts(redis), SharedCounts(redis)
    rule = Rule("user:crowd", "requests", 50)
    said = await asyncio.gather(*(each.admit([rule], f"{n}", 0, NOW) for n in range(100) for each in (first, second)))
    assert sum(isinstance(one, Counted) for one in said) == 50
    await first.close()
    await second.close()


Step = tuple[int, int, int]


@settings(max_examples=200, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 90), some.integers(0, 150), some.integers(0, 150)), max_size=40))
def test_no_minute_has_more_than_its_rule(steps: list[Step]) -> None:
    """`steps`: seconds since the one before, tokens set aside, tokens that it cost."""
    counts, now = Counts(), NOW
    let_in: deque[tuple[int, int]] = deque()
    for pause, aside, cost in steps:
        now += pause
        said = counts.admit([REQUESTS, TOKENS], "r", aside, now)
        if isinstance(said, Refused):
            assert 1 <= said.wait <= SPAN
            continue
        let_in.append((int(now), min(cost, min(aside, TOKENS.most))))
        counts.settle(said, min(cost, aside), now)
        recent = [spent for second, spent in let_in if second > int(now) - SPAN]
        assert len(recent) <= REQUESTS.most
        assert sum(recent) <= TOKENS.most + TOKENS.most  # the one under way may have been larger than the limit
    counts.prune(now + 2 * SPAN)
    assert isinstance(counts.admit([REQUESTS, TOKENS], "r", 100, now + 2 * SPAN), Counted)


def test_waiting_as_long_as_was_said_is_enough() -> None:
    counts = Counts()
    for second in range(3):
        assert isinstance(counts.admit([REQUESTS], "r", 0, NOW + second * 7), Counted)
    said = counts.admit([REQUESTS], "r", 0, NOW + 20)
    assert isinstance(said, Refused)
    assert isinstance(counts.admit([REQUESTS], "r", 0, NOW + 20 + said.wait), Counted)
    assert isinstance(counts.admit([REQUESTS], "r", 0, NOW + 20 + said.wait), Refused)


def test_a_window_takes_nothing_from_a_second_that_is_forgotten() -> None:
    window = Window()
    window.add(100, 5, 100)
    window.forget(100 + SPAN)
    window.add(100, -3, 100 + SPAN)
    assert window.total == 0
    window.add(100, 4, 100 + SPAN)
    assert window.total == 4
