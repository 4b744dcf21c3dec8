"""kill -9 in every phase of a run, a process that freezes and wakes up, a database that is started again.

One storm serves most tests: a poison node kills the process of all runs three times, first the server that carries what
is interactive, then the worker that takes it over, twice. Whatever a run did is counted by a server of the test's own.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from db import EmbeddedPostgres
from tests.platform import Platform, running_platform
from tests.server.counting_server import Asked, counting_server
from tests.server.durable import (
    SERVER,
    SOON,
    WORKER,
    carried_by_a_worker,
    events,
    fetched,
    finished,
    http,
    is_up,
    process_of,
    save,
    start,
    steps,
    watch,
    whole,
)
from tests.server.provider import KEY, Provider, running_provider
from tests.server.socket_client import connected
from tests.server.streams import Event, text_of
from tests.server.waiting import until


@pytest.fixture(scope="module")
def asked() -> Generator[Asked]:
    with counting_server() as server:
        yield server


@pytest.fixture(scope="module")
def provider() -> Generator[Provider]:
    """A provider whose model `patient` does not end before it is told to."""
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def durable(tmp_path_factory: pytest.TempPathFactory, asked: Asked, provider: Provider) -> Generator[Platform]:
    """A platform whose processes may be killed."""
    with running_platform(
        tmp_path_factory.mktemp("durable"), PENSTOCK_HTTP_ALLOW="127.0.0.1", PENSTOCK_WORKER_CONCURRENCY="8",
        OPENAI_BASE_URL=provider.url, OPENAI_API_KEY=KEY,
    ) as platform:  # fmt: skip
        platform.begin()
        asked.platform = platform.pid
        yield platform


def save_toolchains(platform: Platform, asked: Asked) -> None:
    """One for each phase. `a` comes before where it is killed, `c` after."""
    a, b, c = (http(asked, what, name) for what, name in (("count", "a"), ("hang", "b"), ("count", "c")))
    save(platform, "first", http(asked, "hang", "first"), c)
    save(platform, "node", a, b, c, output={"b": {"ref": "nodes.b.body.name"}})
    item = {"method": "POST", "kind": "http", "id": "look", "url": {
        "template": f"{asked.url}/hang/{{{{ item }}}}/{{{{ run.id }}}}"}}  # fmt: skip
    each = {"id": "each", "kind": "map", "over": ["one", "slow", "two", "three"], "concurrency": 2,
            "body": {"nodes": [item]}, "result": {"ref": "item"}}  # fmt: skip
    save(platform, "map", a, each, c, output={"all": {"ref": "nodes.each"}})
    form = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    save(
        platform, "approval", a, {"id": "ask", "kind": "approval", "form": form}, c,
        output={"n": {"ref": "nodes.ask.value.n"}},
    )  # fmt: skip
    say = {"id": "say", "kind": "llm", "model": "openai/patient", "prompt": "Hello?", "stream": "text"}
    save(
        platform, "stream", a, say, c, state={"text": {"type": "string"}}, stream="text",
        output={"text": {"ref": "state.text"}},
    )  # fmt: skip
    save(platform, "poison", a, http(asked, "poison", "poison"), c)
    asked.hangs.update({"first": 2, "b": 2, "slow": 2})


@dataclass
class Storm:
    """What is left of the runs, by toolchain, after all that died."""

    runs: dict[str, str] = field(default_factory=dict[str, str])
    begun: dict[str, list[Event]] = field(default_factory=dict[str, list[Event]])
    resumed: dict[str, Any] = field(default_factory=dict[str, Any])
    frozen: str = ""
    woken: dict[str, Any] = field(default_factory=dict[str, Any])


@pytest.fixture(scope="module")
def storm(durable: Platform, asked: Asked, provider: Provider) -> Storm:
    storm = Storm()
    save_toolchains(durable, asked)
    for name in ("first", "node", "map", "approval", "stream", "poison"):
        storm.runs[name] = start(durable, name)
    thread = fetched(durable, storm.runs["first"])["thread_id"]
    storm.runs["behind"] = start(durable, "first", thread_id=thread)
    seen: dict[str, list[Event]] = {name: [] for name in ("stream", "approval")}
    watching = [watch(durable, storm.runs[name], 0, seen[name]) for name in seen]

    def at(round: int) -> bool:
        """Whether every run is where it is to be killed, for the first, second … time."""
        hanging = {"first": "first", "b": "node", "slow": "map"}
        return all(asked.times[f"{name}/{storm.runs[run]}"] == round for name, run in hanging.items()) and (
            asked.times[f"poison/{storm.runs['poison']}"] == round
        )

    def streams(times: int) -> bool:
        return sum(body["model"] == "patient" for body in provider.bodies) == times

    until(lambda: at(1) and streams(1), SOON)
    until(lambda: {"each[0].look", "each[2].look", "each[3].look"} <= set(steps(durable, storm.runs["map"])), SOON)
    until(lambda: fetched(durable, storm.runs["approval"])["status"] == "waiting", SOON)
    until(lambda: any(event.name == "delta" for event in seen["stream"]), SOON)
    asked.may_kill.release()
    for each in watching:
        each.join(SOON)
    storm.begun = seen

    until(lambda: is_up(durable), SOON)
    answer = {"run_id": storm.runs["approval"], "value": {"n": 7}, "wait": True}
    storm.resumed = durable.result("resume_run", answer)
    until(lambda: at(2) and streams(2), SOON)
    asked.hangs.clear()
    asked.may_kill.release()
    until(lambda: len(asked.killed) == 2, SOON)
    provider.patient = False
    until(lambda: at(3), SOON)
    ended = [storm.runs[name] for name in ("first", "node", "map", "stream", "behind")]
    until(lambda: all(fetched(durable, run)["status"] == "completed" for run in ended), SOON)
    asked.may_kill.release()

    # While the last worker's end is noticed: the server freezes with a run of its own, and wakes up when it is done.
    asked.hangs["frozen"] = 1
    save(durable, "frozen", http(asked, "count", "a"), http(asked, "hang", "frozen"), http(asked, "count", "c"))
    storm.frozen = run = start(durable, "frozen")
    until(lambda: asked.hanging[f"frozen/{run}"] == 1 and "a" in steps(durable, run), SOON)
    server = process_of(durable, SERVER)
    server.send_signal(signal.SIGSTOP)
    try:
        until(lambda: asked.times[f"c/{run}"] == 1, SOON)
    finally:
        server.send_signal(signal.SIGCONT)
    storm.woken = until(lambda: (now := fetched(durable, run))["status"] == "completed" and now, SOON)
    asked.release(f"frozen/{run}")
    until(lambda: asked.hanging[f"frozen/{run}"] == 0, SOON)
    until(lambda: fetched(durable, storm.runs["poison"])["status"] == "dead", SOON)
    return storm


def test_before_the_first_step(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["first"]
    done = fetched(durable, run)
    assert (done["status"], done["attempts"]) == ("completed", 3)
    assert (asked.times[f"first/{run}"], asked.times[f"c/{run}"]) == (3, 1)


def test_while_it_waits_in_the_queue(durable: Platform, asked: Asked, storm: Storm) -> None:
    """It waited behind another on its thread, through all that died."""
    done = fetched(durable, storm.runs["behind"])
    assert done["status"] == "completed"
    assert asked.times[f"c/{storm.runs['behind']}"] == 1
    assert done["started_at"] >= fetched(durable, storm.runs["first"])["finished_at"]


def test_in_a_node(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["node"]
    done = fetched(durable, run)
    assert (done["status"], done["attempts"], done["output"]) == ("completed", 3, {"b": f"b/{run}"})
    counted = {name: asked.times[f"{name}/{run}"] for name in "abc"}
    assert counted == {"a": 1, "b": 3, "c": 1}, "what was recorded did not run again"
    assert steps(durable, run) == ["a", "b", "c"]
    told = events(durable, run)
    assert whole(told)
    assert finished(told) == ["a", "b", "c"]
    assert [event.name for event in told].count("run_started") == 3


def test_in_a_map(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["map"]
    done = fetched(durable, run)
    assert (done["status"], done["output"]) == ("completed", {"all": ["one", "slow", "two", "three"]})
    counted = {name: asked.times[f"{name}/{run}"] for name in ("a", "one", "slow", "two", "three", "c")}
    assert counted == {"a": 1, "one": 1, "slow": 3, "two": 1, "three": 1, "c": 1}
    assert whole(events(durable, run))


def test_in_an_approval(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["approval"]
    assert (storm.resumed["status"], storm.resumed["output"]) == ("completed", {"n": 7})
    assert fetched(durable, run)["attempts"] == 1, "a pause is no attempt"
    assert {name: asked.times[f"{name}/{run}"] for name in "ac"} == {"a": 1, "c": 1}
    seen = storm.begun["approval"]
    assert seen[-1].name == "waiting"
    rest = events(durable, run, after=seen[-1].id)
    assert whole(seen + rest)
    assert rest[-1].name == "run_finished"


def test_while_streaming(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["stream"]
    done = fetched(durable, run)
    assert (done["status"], done["output"]) == ("completed", {"text": "Hello from upstream."})
    assert {name: asked.times[f"{name}/{run}"] for name in "ac"} == {"a": 1, "c": 1}
    seen = storm.begun["stream"]
    assert text_of(seen).startswith("Hello and on")
    rest = events(durable, run, after=seen[-1].id)
    assert whole(seen + rest), "who comes back is told what was missed, by another process"
    last = [event.name for event in rest]
    again = rest[len(last) - 1 - last[::-1].index("run_started") :]
    assert text_of(again) == "Hello from upstream.", "the last attempt begins anew"
    # Text that comes together is one event.
    deltas = sum(event.name == "delta" for event in events(durable, run))
    assert deltas < len(text_of(seen + rest)) / 7


def test_a_poison_node(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.runs["poison"]
    assert asked.killed == [SERVER, WORKER, WORKER]
    dead = fetched(durable, run)
    assert (dead["status"], dead["error"]["type"], dead["error"]["node"]) == ("dead", "TooManyAttempts", "poison")
    assert "retry_run" in dead["error"]["message"]
    told = events(durable, run)
    assert whole(told)
    assert told[-1].name == "run_failed"
    asked.harmless = True
    durable.result("retry_run", {"run_id": run})
    until(lambda: fetched(durable, run)["status"] == "completed", SOON)
    counted = {name: asked.times[f"{name}/{run}"] for name in ("a", "poison", "c")}
    assert counted == {"a": 1, "poison": 4, "c": 1}
    again = events(durable, run, after=told[-1].id)
    assert whole(told + again)
    assert again[-1].name == "run_finished"


def test_a_frozen_process_that_wakes_up_writes_nothing(durable: Platform, asked: Asked, storm: Storm) -> None:
    run = storm.frozen
    now = fetched(durable, run)
    assert now == storm.woken
    assert (now["status"], now["attempts"]) == ("completed", 2)
    assert {name: asked.times[f"{name}/{run}"] for name in ("a", "frozen", "c")} == {"a": 1, "frozen": 2, "c": 1}
    told = events(durable, run)
    assert whole(told)
    assert finished(told) == ["a", "frozen", "c"]
    log = durable.home / "log" / "server.log"
    until(lambda: f"run {run} was taken over by another process" in log.read_text(), SOON)


def test_time_adds_up_through_it_all(durable: Platform, storm: Storm) -> None:
    for name in ("node", "map", "stream", "approval", "behind"):
        account = fetched(durable, storm.runs[name])["time"]
        total = account.pop("total_ms")
        assert all(part >= 0 for part in account.values())
        parts = sum(account.values())
        assert parts == pytest.approx(total, abs=0.01) or name == "map", (name, account, total)


def test_cancel_reaches_a_worker_and_what_it_waits_for(durable: Platform, asked: Asked, storm: Storm) -> None:
    asked.hangs["far"] = 1
    save(durable, "far", http(asked, "hang", "far"), http(asked, "count", "c"))
    run = carried_by_a_worker(durable, asked, "far")
    durable.result("cancel_run", {"run_id": run})
    until(lambda: asked.hung_up[f"far/{run}"] == 1, SOON)
    until(lambda: fetched(durable, run)["status"] == "cancelled", SOON)
    assert asked.times[f"c/{run}"] == 0
    assert events(durable, run)[-1].name == "run_cancelled"


async def test_the_database_is_started_again_in_the_middle(durable: Platform, asked: Asked, storm: Storm) -> None:
    """Runs of the server and of a worker lose nothing and do nothing twice; calls are refused in words until it is
    back."""
    for name in ("near", "away"):
        asked.hangs[name] = 1
        save(durable, name, http(asked, "count", "a"), http(asked, "hang", name), http(asked, "count", "c"))
    near, away = start(durable, "near"), carried_by_a_worker(durable, asked, "away")
    runs = {"near": near, "away": away}

    def numbers(run: str) -> list[int]:
        return [event.id for event in events(durable, run)]

    until(lambda: all(asked.hanging[f"{name}/{run}"] for name, run in runs.items()), SOON)
    seen: list[Event] = []
    watching = watch(durable, near, 0, seen)
    async with connected(durable, durable.token) as socket:
        await socket.ask("follow", run_id=near)
        database = EmbeddedPostgres(durable.home)
        await database.start()
        await database.stop()
        refused = durable.call("fetch_run", {"run_id": near})
        assert refused.status_code == 503
        assert len(refused.json()["error"]["message"]) > 20
        for name, run in runs.items():
            asked.release(f"{name}/{run}")
        until(lambda: not any(asked.hanging[f"{name}/{run}"] for name, run in runs.items()), SOON)
        again = EmbeddedPostgres(durable.home)
        await again.start()
        try:
            until(lambda: is_up(durable), SOON)
            for name, run in runs.items():
                until(lambda run=run: fetched(durable, run)["status"] == "completed", SOON)
                counted = {each: asked.times[f"{each}/{run}"] for each in ("a", name, "c")}
                assert counted == {"a": 1, name: 1, "c": 1}
                assert fetched(durable, run)["attempts"] == 1
                assert whole(events(durable, run))
            watching.join(SOON)
            last = seen[-1].id if seen else 0
            assert whole(seen + events(durable, near, after=last))
            assert [event["id"] for event in await socket.until("end") if event["type"] == "event"] == numbers(near)
        finally:
            await again.stop()
