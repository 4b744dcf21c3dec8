"""What is too much, too slow, too late or not one's own: a run ends in words that name the node, or is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from uuid_utils.compat import uuid7

from db import EmbeddedPostgres, Listener, apply_schema, open_objects, open_storage
from inference.composer import Composer, buffer, journal
from inference.composer.running import cancel_run, resume_run, retry_run
from inference.errors import UpstreamFailed
from inference.functions import Caller, Context
from inference.models.runs import ResumeRunRequest, RunReference
from inference.runner import FakeRunner
from inference.settings import Settings
from tests.storage.bench import Bench, chain, note
from tests.storage.counting import Counting, count, reached
from tests.unit.composer.agents import AskedFor, Given, register

SEEN = {"seen": {"type": "array", "reducer": "append"}}


def each(*nodes: dict[str, Any], over: Any, **parts: Any) -> dict[str, Any]:
    return {"id": "each", "kind": "map", "over": over, "body": {"nodes": list(nodes)}} | parts


async def test_a_node_that_never_returns_is_named_wherever_it_is(bench: Bench, counting: Counting) -> None:
    counting.hangs["slow"] = 99
    slow = count("slow") | {"timeout_seconds": 0.05}
    await bench.save(chain(slow, id="inner"))
    for node, where in [
        (slow, "slow"),
        (each(slow | {"when": {"==": [{"ref": "item"}, 2]}}, over=[1, 2, 3]), "each[1].slow"),
        ({"id": "again", "kind": "loop", "max_iterations": 2, "body": {"nodes": [slow]}}, "again[0].slow"),
        ({"id": "sub", "kind": "subchain", "toolchain": "inner"}, "sub.slow"),
    ]:
        run, _ = await bench.run(chain(count("before"), node, count("after")))
        assert run.status == "failed"
        assert run.error
        assert (run.error.type, run.error.node) == ("NodeTimeout", where)
        assert "timeout_seconds" in run.error.message
    assert counting.times == {"before": 4, "slow": 4}
    assert counting.broken_off == ["slow"] * 4


async def test_a_run_has_a_limit_as_a_whole(bench: Bench, counting: Counting) -> None:
    counting.hangs["slow"] = 1
    run, _ = await bench.run(chain(count("slow"), timeout_seconds=0.2))
    assert run.error
    assert run.error.type == "LimitReached"
    assert counting.broken_off == ["slow"]


async def test_cancel_reaches_everything_that_is_under_way(bench: Bench, counting: Counting) -> None:
    counting.hangs["x"] = 8
    await bench.save(chain(each(count("look", "x"), over=list(range(20)), concurrency=8), count("after")))
    uid = await bench.composer.start(bench.ctx, "probe", {})
    await counting.hung("x", 8)
    await cancel_run(bench.ctx, RunReference(run_id=str(uid)))
    run, _ = await bench.end(uid)
    assert run.status == "cancelled"
    assert counting.broken_off == ["x"] * 8
    assert counting.times == {"x": 8}, "nothing else begins"
    assert (await bench.events(uid))[-1].event == "run_cancelled"


async def test_a_flood_of_events_ends_and_names_its_node(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "MOST_EVENTS", 500)
    flood = {
        "id": "flood", "kind": "loop", "max_iterations": 10_000,
        "body": {"nodes": [{"id": "shout", "kind": "emit", "event": "state", "data": {"ref": "index"}}]},
    }  # fmt: skip
    run, _ = await bench.run(chain(note("one", "x"), flood, note("after", "x")))
    assert run.status == "failed"
    assert run.error
    assert run.error.type == "LimitReached"
    assert (run.error.node or "").startswith("flood[")
    events = await bench.events(UUID(run.run_id))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert 500 <= len(events) <= 510
    assert events[-1].event == "run_failed"


async def test_an_endless_loop_of_loops_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.composer.scope.MOST_STEPS", 300)
    nop = {"id": "nop", "kind": "update", "changes": [{"op": "set", "path": "n", "value": 1}]}
    inner = {"id": "inner", "kind": "loop", "max_iterations": 100, "body": {"nodes": [nop]}}
    outer = {"id": "outer", "kind": "loop", "max_iterations": 100, "body": {"nodes": [inner]}}
    run, _ = await bench.run(chain(outer, state={"n": {"type": "integer"}}))
    assert run.error
    assert run.error.type == "LimitReached"
    assert run.error.node == "outer[2].inner"


async def test_ten_megabytes_of_state(bench: Bench, counting: Counting) -> None:
    text = "0123456789" * (1 << 20)
    definition = chain(
        count("one", {"ref": "input.text"}, text={"ref": "result.value"}),
        count("two", text="!"),
        {"id": "ask", "kind": "approval"},
        state={"text": {"type": "string", "reducer": "append"}},
        output={"length": {"expr": {"length": {"ref": "state.text"}}}, "text": {"ref": "state.text"}},
        input={"type": "object", "properties": {"text": {"type": "string"}}},
    )
    run, _ = await bench.run(definition, text=text)
    assert run.status == "waiting", run.error
    done = await resume_run(bench.ctx, ResumeRunRequest(run_id=run.run_id, value={"approved": True}, wait=True))
    assert done.status == "completed", done.error
    assert done.output == {"length": len(text) + 1, "text": text + "!"}
    assert len(counting.calls) == 2
    # A step holds what it wrote, not the state; events hold the beginning of what is long.
    sizes = await bench.storage.pool.fetch("SELECT key, octet_length(body) AS size FROM run_steps ORDER BY sequence")
    assert [row["key"] for row in sizes if row["size"] > 100_000] == ["one"]
    largest = await bench.storage.pool.fetchval("SELECT max(octet_length(data::text)) FROM run_events")
    assert largest < 50_000


async def test_what_is_too_large_to_keep_is_said(
    bench: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "LARGEST_STEP", 1 << 20)
    given = {"type": "object", "properties": {"text": {"type": "string"}}}
    run, _ = await bench.run(chain(count("one", {"ref": "input.text"}), input=given), text="x" * (2 << 20))
    assert run.error
    assert (run.error.type, run.error.node) == ("LimitReached", "one")


async def test_toolchains_that_run_each_other(bench: Bench) -> None:
    await bench.save(chain({"id": "b", "kind": "subchain", "toolchain": "pong"}, id="ping"))
    await bench.save(chain({"id": "a", "kind": "subchain", "toolchain": "ping"}, id="pong"))
    run, _ = await bench.run(
        chain(each({"id": "into", "kind": "subchain", "toolchain": "ping"}, over=[1], on_item_error="fail"))
    )
    assert run.error
    assert run.error.type == "TooDeep"
    assert (run.error.node or "").startswith("each[0].into.b.a.b.a")


async def test_a_retried_run_that_used_scratch_space_begins_anew(
    bench: Bench, counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its recorded steps lead to has gone with its end."""
    objects, failing = bench.ctx.objects, [True]

    async def keep(ctx: Context, request: AskedFor) -> Given:
        assert ctx.run
        counting.calls.append("keep")
        await objects.put(ctx.run.scratch("kept"), request.query.encode())
        return Given(value=1)

    async def use(ctx: Context, _: AskedFor) -> Given:
        assert ctx.run
        if failing:
            raise UpstreamFailed("Not yet.")
        return Given(value=(await objects.get(ctx.run.scratch("kept"))).decode())

    register(monkeypatch, "keep", keep)
    register(monkeypatch, "use", use)
    nodes = [count("before"), count("k", "text") | {"function": "keep"}, count("u") | {"function": "use"}]
    run, _ = await bench.run(chain(*nodes, output={"kept": {"ref": "nodes.u.value"}}))
    assert run.error
    assert (run.status, run.error.node) == ("failed", "u")
    assert await bench.storage.pool.fetchval("SELECT count(*) FROM run_steps") == 0
    failing.clear()
    await retry_run(bench.ctx, RunReference(run_id=run.run_id))
    again, output = await bench.end(UUID(run.run_id))
    assert (again.status, output) == ("completed", {"kept": "text"})
    assert counting.calls == ["before", "keep"] * 2
    assert not await objects.delete_scratch(run.run_id), "nothing of it is left"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("open('/etc/passwd').read()", "CodeFailed"),
        ("import socket\nsocket.socket()", "CodeFailed"),
        ("while True:\n    pass", "LimitReached"),
        ("x = []\nwhile True:\n    x.append('y' * 100000)", "LimitReached"),
    ],
    ids=["files", "network", "an endless loop", "memory"],
)
async def test_code_that_tries_what_it_may_not(bench: Bench, code: str, error: str) -> None:
    bad = {"id": "bad", "kind": "code", "code": code, "seconds": 0.5, "memory_mb": 16}
    run, _ = await bench.run(chain(note("one", "x"), bad, note("after", "x")))
    assert run.error
    assert (run.status, run.error.type, run.error.node) == ("failed", error, "bad")
    good = {"id": "good", "kind": "code", "code": "n + 1", "input": {"n": 1}}
    assert await bench.output(chain(good, output={"n": {"ref": "nodes.good.value"}})) == {"n": 2}


async def test_a_database_that_is_started_again_in_the_middle(tmp_path: Path, counting: Counting) -> None:
    """What was recorded stays, what could not be recorded is recorded when it is back, and nothing runs twice."""
    server = EmbeddedPostgres(tmp_path)
    await server.start()
    await apply_schema(server.url)
    storage = await open_storage(server.url)
    listener, runner = Listener(server.url), FakeRunner()
    await listener.start()
    composer = Composer(storage, listener)
    owner = uuid7()
    await storage.accounts.create(owner, "ann", "hash", is_admin=False)
    account = await storage.accounts.by_uid(owner)
    assert account
    async with aiohttp.ClientSession() as http:
        base = Context(storage, runner, open_objects("", tmp_path), http, Settings(home=tmp_path), launch=composer)
        caller = Caller(account.id, account.user_id, account.username, is_admin=False)
        from_outside = Context(storage, runner, base.objects, http, base.settings, launch=composer, caller=caller)
        bench = Bench(composer, composer.open(base), from_outside, storage)
        counting.hangs["b"] = 3
        nodes = [count("a"), each(count("look", "b"), over=[1, 2, 3], concurrency=3), count("c")]
        await bench.save(chain(*nodes, output={"all": {"ref": "nodes.each"}}))
        uid = await composer.start(bench.ctx, "probe", {})
        following = asyncio.create_task(bench.events(uid))
        await counting.hung("b", 3)
        await server.stop()
        counting.release()
        await reached(lambda: not counting.hanging["b"])
        await server.start()
        run, _ = await bench.end(uid)
        assert run.status == "completed", run.error
        assert counting.times == {"a": 1, "b": 3, "c": 1}
        rows = await storage.pool.fetch("SELECT key FROM run_steps ORDER BY sequence")
        assert sorted(row["key"] for row in rows) == ["a", "c", "each", "each[0].look", "each[1].look", "each[2].look"]
        try:
            followed = await following
        except Exception:
            followed = await bench.events(uid)
        assert [event.sequence for event in followed] == list(range(1, len(followed) + 1))
        assert followed[-1].event == "run_finished"
        await composer.close()
    await runner.close()
    await listener.close()
    await storage.close()
    await server.stop()
