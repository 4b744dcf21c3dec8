"""QueryLake's toolchains, imported and carried by the real engine: what they do is what QueryLake says they do."""

from __future__ import annotations

from typing import Any

import pytest
from uuid_utils.compat import uuid7

from inference.errors import InvalidInput
from tests.querylake import example
from tests.storage.sessions import Session


async def test_every_action_of_a_sequence(session: Session) -> None:
    await session.open(example("sequences"))
    output = await session.fire(value="v")
    assert output["a"] == {
        "b": {"list": ["first", 2, 3, "v"], "text": "xv", "n": 14, "made": {"deep": {"v": "v"}, "w": 7}}
    }
    assert output["keep"] == {"k": 1, "cond2": "v"}
    assert output["words"] == ["zero", "end"]
    assert output["merged"] == 1
    assert output["last"] == "v"
    assert output["never"] is None
    assert output["gone"] is None
    assert output["title"] == "T"
    assert output["x"] == {"y": 1, "z": "v"}
    assert output["state"]["words"] == ["zero", "end"]


async def test_a_mapping_is_applied_once_per_element_and_the_rest_follows(session: Session) -> None:
    await session.open(example("iterate"))
    output = await session.fire(questions=["a", "b", "c"])
    expected = [
        {"text": "a", "note": "none"},
        {"text": "b", "note": "none", "seen": "b"},
        {"text": "c", "note": "none", "seen": "c"},
        "over",
    ]
    assert output["asked"] == expected
    assert output["all"] == expected
    assert output["done"] == 3
    again = await session.fire(questions=["d"], note="n")
    assert again["asked"] == [*expected, {"text": "d", "note": "n", "seen": "d"}, "over"]
    empty = await session.fire(questions=[])
    assert empty["asked"] == [*again["asked"], "over"]


async def test_stored_arguments_wait_in_the_session(session: Session) -> None:
    await session.open(example("store_join"))
    assert (await session.fire("right_event", right=1))["log"] == [{"right": 1, "left": "nothing"}]
    assert (await session.fire("left_event", left="L"))["log"] == [{"right": 1, "left": "nothing"}]
    output = await session.fire("right_event", right=2)
    assert output["log"][1:] == [{"right": 2, "left": "L"}]
    assert output["both"] == {"right": 2, "left": "L"}
    assert (await session.fire("right_event", right=3))["log"][2:] == [{"right": 3, "left": "nothing"}]


async def test_a_missing_parameter_is_named(session: Session) -> None:
    await session.open(example("store_join"))
    with pytest.raises(InvalidInput, match="'left'"):
        await session.run("left_event", right=1)
    with pytest.raises(InvalidInput, match="'right'"):
        await session.run("right_event")


@pytest.mark.parametrize(
    ("given", "took"),
    [
        ({"n": 50, "tags": ["red"]}, ["once", "once", "big", "tagged"]),
        ({"n": 99, "tags": ["blue"]}, ["once", "once", "untagged"]),
        ({"n": 0}, ["once", "once", "small"]),
        ({"n": 4, "tags": []}, ["once", "once", "small", "untagged"]),
        ({"n": 7, "tags": "a red thing"}, ["once", "once", "tagged"]),
    ],
)
async def test_conditions_choose_what_is_fired(session: Session, given: dict[str, Any], took: list[str]) -> None:
    await session.open(example("conditions"))
    assert (await session.fire(**given))["took"] == took


async def test_circles_end_when_their_condition_does(session: Session) -> None:
    await session.open(example("cycle"))
    output = await session.fire(n=3)
    # Depth first: what a round fires next comes after the rounds that it fired before.
    assert output["seen"] == [3, 2, "x", "y", 1, {"after": 1}, {"after": 2}, {"after": 3}]
    assert output["n"] == 0


async def test_a_conversation_streams_into_the_history(session: Session) -> None:
    await session.open(example("rag_chat"))
    run, output = await session.run(question="What is a penstock?")
    assert run.status == "completed", run.error
    user, assistant = output["turns"]
    assert user == {"role": "user", "content": "What is a penstock?"}
    assert assistant["role"] == "assistant"
    assert assistant["evidence"] == []
    assert assistant["content"]
    assert output["answer"] == assistant["content"]
    deltas = [event.data for event in await session.events(run) if event.event == "delta"]
    assert {delta["path"] for delta in deltas} == {"turns.-1.content"}
    assert "".join(delta["text"] for delta in deltas) == assistant["content"]
    (titled,) = await session.follow_up()
    assert titled["turns"] == output["turns"]
    assert titled["title"] not in ("", "New talk")
    second = await session.fire(question="And a turbine?")
    assert [turn["role"] for turn in second["turns"]] == ["user", "assistant"] * 2
    assert second["turns"][:2] == output["turns"]
    assert second["title"] == titled["title"]
    assert await session.follow_up() == []
    nothing = await session.fire(question="   ")
    # There is no question to isolate: the other answer is given, which takes no evidence.
    assert "evidence" not in nothing["turns"][-1]


async def test_an_event_that_needs_a_missing_document_fails(session: Session) -> None:
    await session.open(example("file_event"))
    pointer = {"type": "<<||TOOLCHAIN_SESSION_FILE||>>", "name": "a.pdf", "document_hash_id": str(uuid7())}
    run, _ = await session.run(user_file=pointer, file_name="a.pdf")
    assert run.error
    assert run.error.type == "NotFound"


async def test_one_answer_streams_once_into_several_places(session: Session) -> None:
    await session.open(example("v2_coauthor"))
    run, output = await session.run(question="Dear lake")
    assert run.status == "completed", run.error
    body = output["letter"]["body"]
    assert body
    assert output["letter"]["pieces"] == [body]
    assert output["talk"] == [{"role": "user", "content": "Dear lake"}, {"role": "assistant", "content": body}]
    deltas = [event.data["text"] for event in await session.events(run) if event.event == "delta"]
    assert "".join(deltas) == body
    again = await session.fire(question="Once more")
    assert len(again["talk"]) == 4
    assert again["letter"]["pieces"] == [again["letter"]["body"]]


async def test_deliveries_meet_in_one_turn(session: Session) -> None:
    await session.open(example("v2_brainstorm"))
    output = await session.fire(topic="water", seeds=[{"name": "wheel"}, {"name": "pipe"}])
    assert output["ideas"] == [{"idea": "wheel"}, {"idea": "pipe"}]
    assert output["last"] == "pipe"
    assert output["names"] == ["wheel", "pipe"]
    assert output["topic"] == "water"
    assert output["critique"] == {"text": "water"}
    assert output["both"] == "from critic"
    assert output["log"] == "critic;"
    assert output["count"] == 1
    assert output["meta"] == {"a": 1, "b": 2}
    assert output["many"] == [{"n": 3}]
    assert output["few"] is True
    one = await session.fire(topic="quiet", seeds={"name": "dam"})
    assert one["ideas"][2:] == [{"idea": "dam"}]
    assert one["log"] == "critic;"
    none = await session.fire(topic="quiet")
    assert len(none["ideas"]) == 3


async def test_turns_are_taken_in_the_order_in_which_they_were_asked_for(session: Session) -> None:
    await session.open(example("v2_rounds"))
    first = await session.fire(left=True)
    assert first["seen"] == ["left", "right", {"l": 1, "rr": 1}, {"l": "again", "rr": 1}, {"l": "again", "rr": 1}]
    assert first["n"] == 3
    other = await session.fire(left=False)
    assert other["seen"][5:] == ["right", {"l": None, "rr": 1}]


async def test_searches_and_answers_of_our_own_toolchains(session: Session) -> None:
    await session.open(example("tools"))
    run, output = await session.run(question="What is a weir?")
    assert run.status == "completed", run.error
    assert output["answer"]
    assert output["sources"] == []
    assert output["found"] == []
    assert output["embedded"] == "What is a weir?"
    assert output["page"] is None
