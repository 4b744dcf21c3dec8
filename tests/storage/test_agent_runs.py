"""Agents in runs that the real engine carries, with a model behind HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import aiohttp
import pytest
from uuid_utils.compat import uuid7

from db import Listener, Storage, open_objects
from inference.composer import Composer
from inference.functions import Caller, Context, find, invoke
from inference.models.runs import RunEvent
from inference.runner import Runner
from inference.settings import Settings
from tests.unit.composer.agents import AskedFor, Given, asks, register, register_look
from tests.unit.composer.model import HANGS, USAGE, Reply, ScriptedModel, calls, says, serving_model

AGENT: dict[str, Any] = {
    "id": "agent",
    "kind": "agent",
    "model": "m",
    "prompt": {"ref": "input.question"},
    "tools": [{"function": "look"}, {"toolchain": "careful"}],
    "stream": "answer",
    "write": {"steps": {"ref": "result.steps"}, "usage": {"ref": "result.usage"}},
}
HELPER: dict[str, Any] = {
    "id": "helper",
    "title": "Helper",
    "input": {"type": "object", "properties": {"question": {"type": "string"}}},
    "state": {"answer": {"type": "string", "default": ""}, "steps": {"type": "array"}, "usage": {"type": "object"}},
    "nodes": [AGENT],
    "edges": [{"from": "start", "to": "agent"}, {"from": "agent", "to": "end"}],
    "output": {name: {"ref": f"state.{name}"} for name in ("answer", "steps", "usage")},
    "stream": "answer",
}
# A tool that asks a person first.
CAREFUL: dict[str, Any] = {
    "id": "careful",
    "title": "Careful",
    "input": {"type": "object", "required": ["what"], "properties": {"what": {"type": "string"}}},
    "state": {"said": {"type": "any"}},
    "nodes": [
        {
            "id": "ask",
            "kind": "approval",
            "message": {"ref": "input.what"},
            "form": {"type": "object"},
            "write": {"said": {"ref": "result.value"}},
        }
    ],
    "edges": [{"from": "start", "to": "ask"}, {"from": "ask", "to": "end"}],
    "output": {"said": {"ref": "state.said"}},
}


class Place:
    """A database with the toolchains and their owner, in which one process after the other works."""

    def __init__(self, storage: Storage, listener: Listener, base: Context, caller: Caller) -> None:
        self.storage, self._listener, self._base, self._caller = storage, listener, base, caller
        self.composer = self.new_process()

    def new_process(self) -> Composer:
        self.composer = Composer(self.storage, self._listener)
        base = replace(self._base, launch=self.composer)
        self.composer.open(base)
        self.ctx = replace(base, caller=self._caller)
        return self.composer

    async def save(self, definition: dict[str, Any]) -> None:
        async with self.storage.transaction() as work:
            await work.toolchains.save(self.ctx.user.key, definition["id"], uuid7().bytes * 2, definition)

    async def call(self, name: str, **given: Any) -> Any:
        target = find(name)
        return await invoke(target, self.ctx, target.request.model_validate(given))

    async def output(self, run: UUID) -> dict[str, Any]:
        ended = await self.composer.wait(self.ctx, run)
        assert ended.status == "completed", ended
        record = await self.storage.runs.detail(self.ctx.user.key, run)
        assert record
        assert record.output
        return record.output

    async def events(self, run: UUID) -> list[RunEvent]:
        return [event async for event in self.composer.follow(self.ctx, run, 0) if event]


@pytest.fixture
async def model() -> AsyncGenerator[ScriptedModel]:
    async with serving_model() as serving:
        yield serving


@pytest.fixture
async def place(storage: Storage, database: str, tmp_path: Path, model: ScriptedModel) -> AsyncGenerator[Place]:
    listener, owner = Listener(database), uuid7()
    await listener.start()
    await storage.accounts.create(owner, "ann", "hash", is_admin=False)
    account = await storage.accounts.by_uid(owner)
    assert account
    caller = Caller(account.id, account.user_id, account.username, is_admin=False)
    async with aiohttp.ClientSession() as http:
        runner, objects = cast(Runner, model), open_objects("", tmp_path)
        base = Context(storage, runner, objects, http, Settings(home=tmp_path), launch=Composer(storage, listener))
        made = Place(storage, listener, base, caller)
        await made.save(CAREFUL)
        await made.save(HELPER)
        yield made
        await made.composer.close()
    await listener.close()


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """Registers `look`; the requests that came to it."""
    return register_look(monkeypatch)


async def test_turns_and_calls_are_steps_of_the_run(place: Place, model: ScriptedModel, look: list[AskedFor]) -> None:
    model.will(asks("a", "missing", text="Let me look."), says("It is ", "a."))
    run = await place.composer.start(place.ctx, "helper", {"question": "What is it?"})
    output = await place.output(run)
    assert output["answer"] == "It is a."
    assert output["usage"] == {name: 2 * count for name, count in USAGE.items()}
    assert [call["tool"] for call in output["steps"]] == ["look", "look"]
    events = await place.events(run)
    begun = {event.data["node"]: event.data["kind"] for event in events if event.event == "node_started"}
    assert begun == {
        "agent": "agent",
        "agent.turn.0": "turn",
        "agent.call.0.0": "tool",
        "agent.call.0.1": "tool",
        "agent.turn.1": "turn",
    }
    assert "".join(event.data["text"] for event in events if event.event == "delta") == "It is a."


async def test_an_agent_whose_process_ends_goes_on_in_another(
    place: Place, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    hanging, free = asyncio.Event(), asyncio.Event()

    async def call(ctx: Context, request: AskedFor) -> Given:
        made.append(request.query)
        if request.query == "b":
            hanging.set()
            await free.wait()
        return Given(value=request.query)

    register(monkeypatch, "look", call)
    model.will(asks("a"), asks("c", "b"))
    run = await place.composer.start(place.ctx, "helper", {"question": "?"})
    async with asyncio.timeout(30):
        await hanging.wait()
        # The call beside it is recorded once it is told: events are stored with the steps, and not before.
        async for event in place.composer.follow(place.ctx, run, 0):
            if event and event.event == "node_finished" and event.data["node"] == "agent.call.1.0":
                break
    await place.composer.close()
    free.set()
    model.will(says("Done."))
    composer = place.new_process()
    composer.carry(run)
    output = await place.output(run)
    assert made == ["a", "c", "b", "b"]
    assert len(model.bodies) == 3
    assert (output["answer"], [step["result"]["value"] for step in output["steps"]]) == ("Done.", ["a", "c", "b"])


async def test_a_tool_that_asks_a_person(place: Place, model: ScriptedModel, look: list[AskedFor]) -> None:
    model.will(calls(("look", '{"query": "a"}'), ("careful", '{"what": "Delete it?"}')))
    run = await place.composer.start(place.ctx, "helper", {"question": "?"})
    waiting = await place.composer.wait(place.ctx, run)
    assert waiting.status == "waiting"
    assert [pause.message for pause in waiting.pauses] == ["Delete it?"]
    model.will(says("Deleted."))
    await place.call("resume_run", run_id=str(run), value={"yes": True})
    output = await place.output(run)
    assert output["answer"] == "Deleted."
    assert output["steps"][1]["result"] == {"said": {"yes": True}}
    assert len(look) == 1


async def test_cancelling_the_run_reaches_the_engine(place: Place, model: ScriptedModel, look: list[AskedFor]) -> None:
    model.will(asks("a"), HANGS)
    run = await place.composer.start(place.ctx, "helper", {"question": "?"})
    async with asyncio.timeout(30):
        await model.hanging.wait()
        await place.call("cancel_run", run_id=str(run))
        await model.hung_up.wait()
    assert (await place.composer.wait(place.ctx, run)).status == "cancelled"


async def test_a_second_attempt_repeats_no_call(place: Place, model: ScriptedModel, look: list[AskedFor]) -> None:
    retrying = {**AGENT, "retry": {"attempts": 2, "backoff_seconds": 0}}
    await place.save(HELPER | {"nodes": [retrying]})
    model.will(asks("a"), Reply(refusal=(500, "broken")), says("Better."))
    run = await place.composer.start(place.ctx, "helper", {"question": "?"})
    output = await place.output(run)
    assert output["answer"] == "Better."
    assert [message["role"] for message in model.bodies[2]["messages"]] == ["user", "assistant", "tool"]
    assert len(look) == 1
