"""The agent node against a model behind HTTP: its tools and their errors, carrying on, schemas, sources."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from inference.composer.nodes.agent import perform_agent
from inference.errors import InvalidInput
from inference.functions import Caller, Context
from inference.models.search import SearchHit, SearchResult
from tests.unit.composer.agents import AskedFor, Given, Register, agent, asks, register, register_look
from tests.unit.composer.model import USAGE, ChatStep, calls, model_and_step, says


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a function for the time of a test."""
    return partial(register, monkeypatch)


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> list[AskedFor]:
    """Registers `look`; the requests that came to it."""
    return register_look(monkeypatch)


async def test_it_calls_tools_until_it_answers(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a", "b", text="Let me look."), asks("c"), says("It ", "is c."))
        result = await perform_agent(agent(), step)
    assert [(call["tool"], call["arguments"], call["result"]) for call in result["steps"]] == [
        ("look", {"query": name}, {"value": name}) for name in "abc"
    ]
    assert all(call["duration_ms"] >= 0 for call in result["steps"])
    assert (result["text"], result["data"], result["finish_reason"]) == ("It is c.", None, "stop")
    assert result["usage"] == {name: 3 * count for name, count in USAGE.items()}
    # What goes before a call is no part of the answer.
    assert step.text("a") == result["text"]
    assert list(step.done) == ["turn.0", "call.0.0", "call.0.1", "turn.1", "call.1.0", "turn.2"]
    assert step.done["call.0.1"] == ("tool", {"tool": "look", "arguments": {"query": "b"}})
    assistant, first, second = model.bodies[1]["messages"][-3:]
    assert assistant["content"] == "Let me look."
    assert [call["function"]["arguments"] for call in assistant["tool_calls"]] == ['{"query":"a"}', '{"query":"b"}']
    assert first == {"role": "tool", "tool_call_id": "id-0", "content": '{"value":"a"}'}
    assert second == {"role": "tool", "tool_call_id": "id-1", "content": '{"value":"b"}'}
    described = model.bodies[0]["tools"][0]["function"]
    assert (described["name"], described["description"]) == ("look", "What look does.")
    assert described["parameters"]["required"] == ["query"]


async def test_calls_of_a_turn_are_made_side_by_side(tool: Register) -> None:
    together = asyncio.Barrier(3)

    async def call(ctx: Context, request: AskedFor) -> Given:
        await together.wait()
        return Given(value=request.query)

    tool("look", call)
    async with model_and_step() as (model, step), asyncio.timeout(20):
        model.will(asks("a", "b", "c"), says("done"))
        result = await perform_agent(agent(), step)
    assert [call["arguments"]["query"] for call in result["steps"]] == ["a", "b", "c"]


async def test_fixed_fields_are_not_seen_and_always_given(look: list[AskedFor]) -> None:
    async with model_and_step(state={"most": 3}) as (model, step):
        model.will(calls(("find", '{"query": "a", "limit": 99}')), says("ok"))
        offered = {
            "function": "look",
            "name": "find",
            "description": "Finds.",
            "input": {"limit": {"ref": "state.most"}},
        }
        await perform_agent(agent([offered]), step)
    assert look == [AskedFor(query="a", limit=3)]
    described = model.bodies[0]["tools"][0]["function"]
    assert (described["name"], described["description"]) == ("find", "Finds.")
    assert described["parameters"]["properties"].keys() == {"query"}


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (("look", '{"query": "missing"}'), "NotFound", "no such thing"),
        (("look", "query: missing"), "InvalidInput", "not JSON"),
        (("look", '["a"]'), "InvalidInput", "must be a JSON object"),
        (("look", ""), "InvalidInput", "query: Field required"),
        (("look", '{"query": "a", "evil": 1}'), "InvalidInput", "evil"),
        (("look", '{"query": "a", "limit": "many"}'), "InvalidInput", "limit"),
        (("rm -rf /", "{}"), "NotFound", "There is no tool 'rm -rf /'; there are look"),
        (("", "{}"), "NotFound", "There is no tool"),
    ],
)
async def test_the_model_is_told_of_errors(look: list[AskedFor], call: tuple[str, str], kind: str, words: str) -> None:
    async with model_and_step() as (model, step):
        model.will(calls(call), says("Sorry."))
        result = await perform_agent(agent(), step)
    (done,) = result["steps"]
    assert done["error"]["type"] == kind
    assert words in done["error"]["message"]
    assert "result" not in done
    assistant, told = model.bodies[1]["messages"][-2:]
    assert orjson.loads(told["content"])["error"] == done["error"]
    # Engines refuse a history with names and arguments that cannot be.
    sent = assistant["tool_calls"][0]["function"]
    assert sent["name"].replace("_", "").replace("-", "").isalnum()
    assert isinstance(orjson.loads(sent["arguments"]), dict)
    assert result["text"] == "Sorry."


async def test_rights_are_those_of_the_caller(look: list[AskedFor]) -> None:
    caller = Caller(1, "u", "u", is_admin=False, scopes=frozenset({"documents:read"}))
    async with model_and_step(caller=caller) as (model, step):
        model.will(asks("a"), says("I may not."))
        result = await perform_agent(agent(), step)
    assert result["steps"][0]["error"]["type"] == "NotAllowed"
    assert look == []


async def test_an_error_that_nobody_foresaw_ends_the_node(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a", "broken"))
        with pytest.raises(ZeroDivisionError):
            await perform_agent(agent(), step)


async def test_what_was_recorded_is_not_done_again(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), asks("b", "missing"), says("The end."))
        first = await perform_agent(agent(), step)
        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        assert await perform_agent(agent(), again) == first
        assert (again.done, again.text("a")) == ({}, "The end.")
        # Without the last turn and one of the calls: these two only.
        partly = ChatStep(model, step.run.ctx.http)
        partly.recorded = {name: body for name, body in step.recorded.items() if name not in ("turn.2", "call.1.0")}
        model.will(says("Another end."))
        asked = len(model.bodies)
        result = await perform_agent(agent(), partly)
    assert list(partly.done) == ["call.1.0", "turn.2"]
    assert model.bodies[asked]["messages"] == model.bodies[asked - 1]["messages"]
    assert result["text"] == partly.text("a") == "Another end."
    assert [request.query for request in look] == ["a", "b", "missing", "b"]


async def test_an_agent_without_tools_only_answers() -> None:
    async with model_and_step() as (model, step):
        model.will(says("Just ", "so."))
        result = await perform_agent(agent([]), step)
    assert (result["text"], result["finish_reason"], result["steps"]) == ("Just so.", "stop", [])
    assert [text for _, text in step.texts] == ["Just ", "so."]
    assert step.told[0] == {
        "model": "m",
        "messages": [{"role": "user", "content": "Go"}],
        "tools": [],
    }


SCHEMA = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}


async def test_an_answer_is_mended_without_tools(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), says('{"n": "one"}'), says('{"n": 1}'))
        result = await perform_agent(agent(answer_schema=SCHEMA), step)
    assert (result["data"], result["text"], result["finish_reason"]) == ({"n": 1}, '{"n": 1}', "stop")
    assert step.text("a") == '{"n": 1}'
    # A format would keep engines that hold the model to it from calling tools.
    assert ["response_format" in body for body in model.bodies] == [False, False, True]
    assert ["tools" in body for body in model.bodies] == [True, True, False]
    assert "n: 'one' is not of type 'integer'" in model.bodies[2]["messages"][-1]["content"]


async def test_the_answer_at_a_limit_has_to_fit_too(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(asks("a"), says("I do not know"), says('{"n": 2}'))
        result = await perform_agent(agent(answer_schema=SCHEMA, limits={"steps": 1}), step)
    assert (result["data"], result["finish_reason"], step.text("a")) == ({"n": 2}, "limit", '{"n": 2}')


async def test_an_answer_that_never_fits(look: list[AskedFor]) -> None:
    async with model_and_step() as (model, step):
        model.will(says("no"), says("no"))
        with pytest.raises(InvalidInput, match="it is not JSON") as caught:
            await perform_agent(agent(answer_schema=SCHEMA, repairs=1), step)
    assert (caught.value.field, step.texts) == ("answer_schema", [])


def hit(name: str) -> SearchHit:
    return SearchHit(
        chunk_id=name, document_id="d", document_name="Pumps & <pipes>", collection_id="c", page=1, page_end=1, start=0,
        end=9, text=f"About {name}.", headings=[], score=1.0, metadata={},
    )  # fmt: skip


async def test_hits_are_numbered_across_calls(tool: Register) -> None:
    async def call(ctx: Context, request: AskedFor) -> SearchResult:
        return SearchResult(hits=[hit(name) for name in request.query])

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("pq", "qr"), asks("p"), asks(""), says("R is so [3]. And p [1] and [9]."))
        result = await perform_agent(agent(), step)
        assert [(source["n"], source["chunk_id"]) for source in result["sources"]] == [(1, "p"), (2, "q"), (3, "r")]
        # The second turn found nothing new.
        assert step.told_of("sources") == [{"node": "node", "sources": result["sources"]}]
        assert [citation["n"] for citation in result["citations"]] == [3, 1]
        assert step.told_of("citation") == result["citations"]
        first, second = (message["content"] for message in model.bodies[1]["messages"][-2:])
        assert first.index('n="1"') < first.index("About p.") < first.index('n="2"') < first.index("About q.")
        assert second.index('n="2"') < second.index("About q.") < second.index('n="3"') < second.index("About r.")
        assert "Pumps &amp; &lt;pipes&gt;" in first
        assert model.bodies[3]["messages"][-1]["content"] == '{"hits":[],"explanation":null}'
        again = ChatStep(model, step.run.ctx.http)
        again.recorded = dict(step.recorded)
        assert await perform_agent(agent(), again) == result


async def test_given_sources_stay_those_to_cite(tool: Register) -> None:
    async def call(ctx: Context, request: AskedFor) -> SearchResult:
        return SearchResult(hits=[hit("p")])

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("p"), says("So [1], and so [4]."))
        result = await perform_agent(agent(cite=[{"n": 4}]), step)
    assert (result["sources"], [citation["n"] for citation in result["citations"]]) == ([{"n": 4}], [4])
    assert step.told_of("sources") == []


async def test_hits_of_another_kind_are_shown_as_they_are(tool: Register) -> None:
    class Shots(BaseModel):
        hits: Any

    async def call(ctx: Context, request: AskedFor) -> Shots:
        return Shots(hits=[{"chunk_id": "x"}] if request.query == "a" else 7)

    tool("look", call)
    async with model_and_step() as (model, step):
        model.will(asks("a", "b"), says("ok"))
        result = await perform_agent(agent(), step)
    assert [message["content"] for message in model.bodies[1]["messages"][-2:]] == [
        '{"hits":[{"chunk_id":"x"}]}',
        '{"hits":7}',
    ]
    assert result["sources"] == []
