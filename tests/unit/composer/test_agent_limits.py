"""The agent node at its limits, and models and tools that overdo it."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from inference.composer.nodes.agent import perform_agent
from inference.errors import LimitReached, UpstreamFailed
from inference.functions import Context
from tests.unit.composer.agents import AskedFor, Given, Register, agent, asks, register, register_look
from tests.unit.composer.model import HANGS, ChatStep, model_and_step, refuses, says


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a function for the time of a test."""
    return partial(register, monkeypatch)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """Registers `look`; the requests that came to it."""
    return register_look(monkeypatch)


async def test_at_the_limit_of_steps_it_answers_from_what_it_has(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), asks("b"), says("As far as ", "I know."))
        result = await perform_agent(agent(limits={"steps": 2}), step)
        assert (result["text"], result["finish_reason"]) == ("As far as I know.", "limit")
        # Nothing can be called any more, so this turn streams as it is written.
        assert [text for _, text in step.texts] == ["As far as ", "I know."]
        assert [call["arguments"]["query"] for call in result["steps"]] == ["a", "b"]
        assert ["tools" in body for body in model.bodies] == [True, True, False]
        assert model.bodies[2]["messages"][-1]["role"] == "user"
        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        assert await perform_agent(agent(limits={"steps": 2}), again) == result
        assert again.text("a") == result["text"]


async def test_at_the_limit_of_tokens_it_answers_from_what_it_has(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), asks("b"), says("Enough."))
        result = await perform_agent(agent(limits={"tokens": 30}), step)
    assert (result["text"], result["finish_reason"], len(result["steps"])) == ("Enough.", "limit", 2)


async def test_calls_in_the_last_answer_are_not_made(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), asks("b", text="I would rather look."))
        result = await perform_agent(agent(limits={"steps": 1}), step)
    assert (result["text"], result["finish_reason"]) == ("I would rather look.", "limit")
    assert [request.query for request in look] == ["a"]


async def test_a_tool_that_hangs_is_stopped_in_time_for_an_answer(tool: Register) -> None:
    stopped = asyncio.Event()

    async def call(ctx: Context, request: AskedFor) -> Given:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("a"), says("It hangs."))
        result = await perform_agent(agent(limits={"seconds": 2}), step)
        assert stopped.is_set()
        assert (result["text"], result["finish_reason"]) == ("It hangs.", "limit")
        assert result["steps"][0]["error"]["type"] == "NodeTimeout"
        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        assert await perform_agent(agent(limits={"seconds": 2}), again) == result


async def test_a_turn_that_hangs_is_stopped_in_time_for_an_answer(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), HANGS, says("So far."))
        result = await perform_agent(agent(limits={"seconds": 2}), step)
        assert (result["text"], result["finish_reason"], len(result["steps"])) == ("So far.", "limit", 1)
        # The engine was told to stop.
        async with asyncio.timeout(20):
            await model.hung_up.wait()
        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        assert await perform_agent(agent(limits={"seconds": 2}), again) == result


async def test_without_an_answer_in_time_it_fails(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(HANGS, HANGS)
        with pytest.raises(LimitReached, match="did not answer within its"):
            await perform_agent(agent(limits={"seconds": 0.5}), step)


async def test_a_model_that_fails_ends_the_node(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), refuses("it is broken", 500))
        with pytest.raises(UpstreamFailed, match="it is broken"):
            await perform_agent(agent(), step)
    assert "turn.1" not in step.recorded


async def test_a_flood_of_calls_is_answered_in_part(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks(*[str(number) for number in range(200)]), says("ok"))
        result = await perform_agent(agent(), step)
    assert len(result["steps"]) == len(look) == 32
    messages = model.bodies[1]["messages"]
    assert [message["role"] for message in messages].count("tool") == 32
    assert len(messages[1]["tool_calls"]) == 32
    assert "Only the first 32 calls" in messages[-1]["content"]


async def test_a_large_result_is_shown_in_part(tool: Register) -> None:
    async def call(ctx: Context, request: AskedFor) -> Given:
        return Given(value="x" * int(request.query))

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("100000", "10000000"), says("ok"))
        result = await perform_agent(agent(), step)
    medium, large = model.bodies[1]["messages"][-2:]
    assert len(medium["content"]) < 21_000
    assert "cut: the whole has 100,012 characters" in medium["content"]
    assert len(large["content"]) < 21_000
    assert len(result["steps"][0]["result"]["value"]) == 100_000
    assert result["steps"][1]["result"] == large["content"]


async def test_a_result_that_is_no_json_is_an_error(tool: Register) -> None:
    async def call(ctx: Context, request: AskedFor) -> Given:
        return Given(value=1 << 70)

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("a"), says("ok"))
        result = await perform_agent(agent(), step)
    assert result["steps"][0]["error"]["type"] == "InvalidInput"
