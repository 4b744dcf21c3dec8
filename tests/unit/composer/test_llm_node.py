"""The llm node against a model behind HTTP."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from inference.composer.nodes.llm import perform_llm
from inference.errors import InvalidInput, LimitReached, NotFound, UpstreamFailed
from inference.functions.chat import LONGEST_ANSWER, MOST_TOOL_CALLS
from inference.models.search import SearchRequest
from inference.models.toolchain import LlmNode
from tests.unit.composer.model import USAGE, Chunk, Reply, calls, chunk, model_and_step, refuses, says

SCHEMA = {
    "type": "object",
    "required": ["name", "age"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
}
GOOD = '{"name": "Ann", "age": 3}'


def llm(**fields: Any) -> LlmNode:
    return LlmNode.model_validate({"id": "ask", "kind": "llm", "model": "m", "prompt": "Hello", **fields})


async def test_text_streams_into_its_path_as_it_comes() -> None:
    async with model_and_step() as (model, step):
        model.will(says("Hel", "lo ", "there", finish="length"))
        result = await perform_llm(llm(stream="turns.-1.content", temperature=0.5, max_tokens=9), step)
    assert result == {
        "text": "Hello there",
        "data": None,
        "tool_calls": [],
        "finish_reason": "length",
        "usage": USAGE,
        "citations": [],
    }
    assert step.texts == [("turns.-1.content", "Hel"), ("turns.-1.content", "lo "), ("turns.-1.content", "there")]
    assert model.bodies[0]["messages"] == [{"role": "user", "content": "Hello"}]
    assert (model.bodies[0]["temperature"], model.bodies[0]["max_tokens"]) == (0.5, 9)
    assert not model.bodies[0].keys() & {"tools", "response_format"}


async def test_histories_are_spliced_in_without_what_only_we_keep() -> None:
    history: list[dict[str, Any]] = [
        {"role": "user", "content": "a", "id": "1", "citations": []},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}], "run_id": "r"},
        {"role": "tool", "content": {"n": 1}, "tool_call_id": "c"},
    ]
    async with model_and_step(state={"history": history}) as (model, step):
        model.will(says("ok"))
        system = {"role": "system", "content": "Be brief."}
        await perform_llm(llm(messages=[system, {"ref": "state.history"}], prompt={"expr": {"+": [1, 1]}}), step)
    assert model.bodies[0]["messages"] == [
        system,
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]},
        {"role": "tool", "content": '{"n":1}', "tool_call_id": "c"},
        {"role": "user", "content": "2"},
    ]
    assert history[0]["id"] == "1"


@pytest.mark.parametrize(
    "fields",
    [
        {"prompt": None},
        {"prompt": None, "messages": []},
        {"messages": "text"},
        {"messages": [{"role": "user"}]},
        {"messages": [{"content": "x"}]},
        {"messages": [[["deep"]]]},
        {"messages": [None]},
    ],
)
async def test_messages_that_are_none_are_named(fields: dict[str, Any]) -> None:
    async with model_and_step() as (model, step):
        with pytest.raises(InvalidInput) as caught:
            await perform_llm(llm(**fields), step)
    assert caught.value.field in ("messages", "prompt")
    assert model.bodies == []


async def test_citations_of_known_sources_only() -> None:
    async with model_and_step() as (model, step):
        model.will(says("It is blue [", "1", "]. It is red [7]. And so on [2]", "."))
        result = await perform_llm(llm(cite=[{"n": 1}, {"n": 2}, {"m": 7}, 7], stream="a"), step)
    assert [result["text"][c["start"] : c["end"]] for c in result["citations"]] == ["It is blue [1]", "And so on [2]"]
    assert step.told_of("citation") == result["citations"]
    assert step.text("a") == result["text"]


async def test_many_brackets_flood_nobody() -> None:
    async with model_and_step() as (model, step):
        model.will(says(*["[1]" * 300] * 300))
        result = await perform_llm(llm(cite=[{"n": 1}]), step)
    assert len(result["text"]) == 270_000
    assert len(result["citations"]) == len(step.told_of("citation")) == 1000


async def test_a_schema_is_said_and_asked_for() -> None:
    async with model_and_step() as (model, step):
        model.will(says(*GOOD))
        result = await perform_llm(llm(answer_schema=SCHEMA, stream="a"), step)
    assert result["data"] == {"name": "Ann", "age": 3}
    # Only once it fits: in one piece.
    assert step.texts == [("a", GOOD)]
    (body,) = model.bodies
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA, "strict": False},
    }
    assert body["messages"][0]["role"] == "system"
    assert orjson.dumps(SCHEMA).decode() in body["messages"][0]["content"]


async def test_a_schema_joins_the_system_message_that_is_there() -> None:
    async with model_and_step() as (model, step):
        model.will(says(GOOD))
        await perform_llm(llm(messages=[{"role": "system", "content": "Be brief."}], answer_schema=SCHEMA), step)
    roles = [message["role"] for message in model.bodies[0]["messages"]]
    assert roles == ["system", "user"]
    assert model.bodies[0]["messages"][0]["content"].startswith("Be brief.\n\n")


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{GOOD}\n```",
        f'First ```json\n{{"name": 1}}\n``` or rather\n```\n{GOOD}\n```\nDone.',
        f"As [1] says: {GOOD} is it.",
        f"\n  {GOOD}\n",
    ],
)
async def test_json_is_found_in_what_surrounds_it(text: str) -> None:
    async with model_and_step() as (model, step):
        model.will(says(text))
        result = await perform_llm(llm(answer_schema=SCHEMA), step)
    assert (result["data"], result["text"]) == ({"name": "Ann", "age": 3}, text)


async def test_an_answer_that_does_not_fit_is_sent_back_with_what_is_wrong() -> None:
    async with model_and_step() as (model, step):
        model.will(says('{"name": "Ann", "age": "three"}'), says("no idea"), says(GOOD))
        result = await perform_llm(llm(answer_schema=SCHEMA, stream="a"), step)
    assert result["data"]["age"] == 3
    assert result["usage"]["total_tokens"] == 45
    assert step.text("a") == GOOD
    assistant, user = model.bodies[1]["messages"][-2:]
    assert assistant == {"role": "assistant", "content": '{"name": "Ann", "age": "three"}'}
    assert "age: 'three' is not of type 'integer'" in user["content"]
    assert "it is not JSON" in model.bodies[2]["messages"][-1]["content"]


async def test_an_answer_that_never_fits_names_the_first_fault() -> None:
    async with model_and_step() as (model, step):
        model.will(*[says('{"name": "Ann"}')] * 3)
        with pytest.raises(InvalidInput, match=r"in 3 tries.*'age' is a required property") as caught:
            await perform_llm(llm(answer_schema=SCHEMA, repairs=2, stream="a"), step)
    assert caught.value.field == "answer_schema"
    assert (len(model.bodies), step.texts) == (3, [])


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"name": NaN, "age": 3}', "```json\n" * 50_000])
async def test_hostile_answers_do_not_fit(text: str) -> None:
    async with model_and_step() as (model, step):
        model.will(says(text))
        with pytest.raises(InvalidInput, match="did not give an answer"):
            await perform_llm(llm(answer_schema=SCHEMA, repairs=0), step)


async def test_deep_answers_to_recursive_schemas_do_not_fit() -> None:
    schema = {"$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}}}, "$ref": "#/$defs/tree"}
    async with model_and_step() as (model, step):
        model.will(says("[" * 900 + "]" * 900))
        with pytest.raises(InvalidInput, match="nested too deeply"):
            await perform_llm(llm(answer_schema=schema, repairs=0), step)


async def test_a_schema_elsewhere_is_not_fetched() -> None:
    async with model_and_step() as (model, step):
        model.will(says("{}"))
        with pytest.raises(InvalidInput, match="cannot be applied") as caught:
            await perform_llm(llm(answer_schema={"$ref": f"{model.url}/schema.json"}), step)
    assert caught.value.field == "answer_schema"
    assert len(model.bodies) == 1


async def test_an_engine_without_formats_is_asked_without() -> None:
    async with model_and_step() as (model, step):
        model.will(refuses("response_format?"), says("{}"), says(GOOD))
        result = await perform_llm(llm(answer_schema=SCHEMA), step)
    assert result["data"]["name"] == "Ann"
    assert ["response_format" in body for body in model.bodies] == [True, False, False]


async def test_a_refusal_for_another_reason_is_told() -> None:
    async with model_and_step() as (model, step):
        model.will(refuses("too long"), refuses("too long"))
        with pytest.raises(InvalidInput, match="too long"):
            await perform_llm(llm(answer_schema=SCHEMA), step)


TOOLS = [{"function": "search_hybrid", "name": "search", "input": {"collection_ids": ["c1"], "limit": 3}}]


async def test_tools_are_offered_and_calls_given_back_but_not_made() -> None:
    async with model_and_step() as (model, step):
        model.will(calls(("search", '{"query": "pumps", "limit": 99}'), ("other", "{}"), text="Let me look."))
        result = await perform_llm(llm(tools=TOOLS, stream="a", answer_schema=SCHEMA), step)
    assert result["tool_calls"] == [
        {"id": "id-0", "name": "search", "arguments": {"query": "pumps", "limit": 3, "collection_ids": ["c1"]}},
        {"id": "id-1", "name": "other", "arguments": {}},
    ]
    assert (result["text"], result["data"], result["finish_reason"]) == ("Let me look.", None, "tool_calls")
    (offered,) = model.bodies[0]["tools"]
    parameters = offered["function"]["parameters"]
    assert offered["function"]["name"] == "search"
    assert parameters["required"] == ["query"]
    # What the toolchain gives is not the model's to say.
    assert parameters["properties"].keys() == SearchRequest.model_fields.keys() - {"collection_ids", "limit"}
    assert "response_format" not in model.bodies[0]


def whole_call(index: int | None, id: str, name: str, arguments: Any) -> Chunk:
    part = {"id": id, "function": {"name": name, "arguments": arguments}}
    return chunk({"tool_calls": [part if index is None else part | {"index": index}]})


@pytest.mark.parametrize("index", [None, 0])
async def test_engines_that_do_not_number_their_calls(index: int | None) -> None:
    async with model_and_step() as (model, step):
        given = {"query": "b"}
        model.will(Reply([whole_call(index, "x", "search", '{"query": "a"}'), whole_call(index, "y", "search", given)]))
        result = await perform_llm(llm(tools=TOOLS), step)
    assert [call["arguments"]["query"] for call in result["tool_calls"]] == ["a", "b"]


async def test_calls_always_have_ids_of_their_own() -> None:
    async with model_and_step() as (model, step):
        chunks = [whole_call(0, "", "search", "{}"), whole_call(1, "x", "search", "{}"), whole_call(2, "x", "s", "no")]
        chunks += [chunk({"tool_calls": ["hostile", {"index": "0"}, None]}), chunk({"tool_calls": {"index": 0}})]
        model.will(Reply(chunks))
        result = await perform_llm(llm(tools=TOOLS), step)
    assert [call["id"] for call in result["tool_calls"]] == ["call_0", "x", "call_2"]
    assert result["tool_calls"][2]["arguments"] == "no"


async def test_a_flood_of_calls_is_refused() -> None:
    async with model_and_step() as (model, step):
        model.will(calls(*[("search", "{}")] * (MOST_TOOL_CALLS + 1)))
        with pytest.raises(LimitReached, match="tool calls"):
            await perform_llm(llm(tools=TOOLS), step)


async def test_an_answer_without_end_is_cut_off() -> None:
    piece = "x" * 500_000
    async with model_and_step() as (model, step):
        model.will(says(*[piece] * 20))
        with pytest.raises(LimitReached, match="Set max_tokens"):
            await perform_llm(llm(stream="a"), step)
    assert len(step.text("a")) <= LONGEST_ANSWER


async def test_arguments_without_end_are_cut_off() -> None:
    part = chunk({"tool_calls": [{"index": 0, "function": {"arguments": "x" * 500_000}}]})
    async with model_and_step() as (model, step):
        model.will(Reply([part] * 20))
        with pytest.raises(LimitReached, match="Set max_tokens"):
            await perform_llm(llm(tools=TOOLS), step)


async def test_an_error_in_the_stream_is_told() -> None:
    async with model_and_step() as (model, step):
        model.will(Reply([chunk({"content": "a"}), {"error": {"message": "out of memory"}}]))
        with pytest.raises(UpstreamFailed, match="out of memory"):
            await perform_llm(llm(), step)


NOT_TOOLS: list[tuple[list[dict[str, Any]], type[Exception]]] = [
    ([{"function": "nothing"}], NotFound),
    ([{"toolchain": "nothing"}], NotFound),
    ([{}], InvalidInput),
    ([{"function": "search_hybrid", "toolchain": "rag"}], InvalidInput),
    ([{"function": "search_hybrid"}, {"function": "search_bm25", "name": "search_hybrid"}], InvalidInput),
    ([{"function": "upload_document"}], InvalidInput),
    ([{"function": "login"}], InvalidInput),
]


@pytest.mark.parametrize(("tools", "error"), NOT_TOOLS)
async def test_tools_that_cannot_be(tools: list[dict[str, Any]], error: type[Exception]) -> None:
    async with model_and_step() as (model, step):
        with pytest.raises(error):
            await perform_llm(llm(tools=tools), step)
    assert model.bodies == []
