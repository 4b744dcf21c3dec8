"""Toolchains as tools of the agent node: pauses in them, and agents that are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import pytest

from db import SavedToolchain
from inference.composer.nodes.agent import perform_agent
from inference.composer.scope import NodeFailed, Paused, RunLost
from inference.errors import InvalidInput
from inference.functions import Context
from inference.models.runs import Pause
from tests.unit.composer.agents import LOOK, AskedFor, Given, Register, agent, register, register_look
from tests.unit.composer.model import HANGS, ChatStep, calls, model_and_step, says


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a function for the time of a test."""
    return partial(register, monkeypatch)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """Registers `look`; the requests that came to it."""
    return register_look(monkeypatch)


ROOTS: dict[str, Any] = {
    "id": "roots",
    "title": "Roots",
    "description": "Finds roots.",
    "input": {
        "type": "object",
        "required": ["of", "key"],
        "properties": {"of": {"type": "number"}, "key": {"type": "string"}},
    },
}
TOOLCHAIN: list[dict[str, Any]] = [{"toolchain": "roots", "input": {"key": "k"}}]


def with_roots(step: ChatStep, run: Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]) -> None:
    step.toolchains["roots"] = SavedToolchain("roots", 1, ROOTS)
    step.outputs["roots"] = run


async def test_a_toolchain_is_a_tool() -> None:
    async def root(given: Mapping[str, Any]) -> dict[str, Any]:
        return {"root": given["of"] ** 0.5, "key": given["key"]}

    async with model_and_step() as (model, step):
        with_roots(step, root)
        model.will(calls(("roots", '{"of": 9, "key": "mine"}')), says("3"))
        result = await perform_agent(agent(TOOLCHAIN), step)
    assert result["steps"][0]["result"] == {"root": 3.0, "key": "k"}
    # The run's place in this node is the call's.
    assert step.runs == [("call.0.0", "roots", {"of": 9, "key": "k"})]
    described = model.bodies[0]["tools"][0]["function"]
    assert (described["name"], described["description"]) == ("roots", "Finds roots.")
    assert described["parameters"] == {
        "type": "object",
        "required": ["of"],
        "properties": {"of": {"type": "number"}},
    }


async def test_a_node_that_fails_in_a_toolchain_is_told() -> None:
    async def root(given: Mapping[str, Any]) -> dict[str, Any]:
        raise NodeFailed("agent.call.0.0.divide", InvalidInput("Not by zero."))

    async with model_and_step() as (model, step):
        with_roots(step, root)
        model.will(calls(("roots", '{"of": 9}')), says("No."))
        result = await perform_agent(agent(TOOLCHAIN), step)
    assert result["steps"][0]["error"] == {"type": "InvalidInput", "message": "Not by zero."}


async def test_pauses_in_toolchains_pause_the_run_after_the_other_calls(look: list[AskedFor]) -> None:
    async def root(given: Mapping[str, Any]) -> dict[str, Any]:
        raise Paused([Pause(node=f"approve {given['of']}", kind="approval")])

    async with model_and_step() as (model, step):
        with_roots(step, root)
        model.will(calls(("roots", '{"of": 1}'), ("look", '{"query": "a"}'), ("roots", '{"of": 2}')))
        with pytest.raises(Paused) as caught:
            await perform_agent(agent([*TOOLCHAIN, *LOOK]), step)
        assert [pause.node for pause in caught.value.pauses] == ["approve 1", "approve 2"]
        assert set(step.recorded) == {"turn.0", "call.0.1"}

        async def approved(given: Mapping[str, Any]) -> dict[str, Any]:
            return {"approved": given["of"]}

        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        with_roots(again, approved)
        model.will(says("Both."))
        result = await perform_agent(agent([*TOOLCHAIN, *LOOK]), again)
    assert [call["result"] for call in result["steps"]] == [{"approved": 1}, {"value": "a"}, {"approved": 2}]
    assert len(look) == 1


async def test_a_run_that_another_process_took_stops_at_once(tool: Register) -> None:
    stopped = asyncio.Event()

    async def lost(given: Mapping[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        raise RunLost

    async def call(ctx: Context, request: AskedFor) -> Given:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    tool("look", call)
    async with model_and_step() as (model, step):
        with_roots(step, lost)
        model.will(calls(("look", '{"query": "a"}'), ("roots", '{"of": 2}')))
        with pytest.raises(RunLost):
            await perform_agent(agent([*TOOLCHAIN, *LOOK]), step)
    assert stopped.is_set()


async def test_an_agent_that_is_cancelled_hangs_up(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(HANGS)
        task = asyncio.create_task(perform_agent(agent(), step))
        async with asyncio.timeout(20):
            await model.hanging.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await model.hung_up.wait()
