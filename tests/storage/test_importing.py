"""QueryLake's toolchains, imported and carried by the real engine: what they do is what QueryLake says they do."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from uuid_utils.compat import uuid7

from db import Storage
from inference.composer import Composer, check_toolchain
from inference.composer.importing import import_querylake
from inference.errors import InvalidInput
from inference.functions import Context
from inference.models.runs import Run, RunEvent
from tests.storage.bench import Bench

EXAMPLES = Path(__file__).parent.parent / "data" / "querylake"


def example(name: str) -> dict[str, Any]:
    return orjson.loads((EXAMPLES / f"{name}.json").read_bytes())


class Session:
    """A session of an imported toolchain: its events are runs of one thread."""

    def __init__(self, composer: Composer, ctx: Context, storage: Storage) -> None:
        self.composer, self.ctx, self.storage = composer, ctx, storage
        self.thread = UUID(str(uuid7()))
        self.id = ""

    async def open(self, definition: dict[str, Any]) -> Session:
        toolchain = import_querylake(definition).toolchain
        assert check_toolchain(toolchain)[1] == []
        self.id = toolchain["id"]
        async with self.storage.transaction() as work:
            await work.toolchains.save(self.ctx.user.key, self.id, uuid7().bytes * 2, toolchain)
        return self

    async def run(self, event: str | None = None, /, **given: Any) -> tuple[Run, dict[str, Any]]:
        if event:
            given["event"] = event
        uid = await self.composer.start(self.ctx, self.id, given, thread=self.thread)
        run = await self.composer.wait(self.ctx, uid)
        record = await self.storage.runs.detail(self.ctx.user.key, uid)
        assert record
        return run, record.output or {}

    async def fire(self, event: str | None = None, /, **given: Any) -> dict[str, Any]:
        """The event's output, once it has completed."""
        run, output = await self.run(event, **given)
        assert run.status == "completed", run.error
        return output

    async def follow_up(self) -> list[dict[str, Any]]:
        """What the runs gave that were left to a worker."""
        outputs: list[dict[str, Any]] = []
        for uid, _ in await self.storage.runs.next_turns(self.ctx.user.key, self.thread, self.id, 200):
            self.composer.carry(uid)
            assert (await self.composer.wait(self.ctx, uid)).status == "completed"
            record = await self.storage.runs.detail(self.ctx.user.key, uid)
            assert record
            outputs.append(record.output or {})
        return outputs

    async def events(self, run: Run) -> list[RunEvent]:
        return [event async for event in self.composer.follow(self.ctx, UUID(run.run_id), 0) if event]


@pytest.fixture
def session(bench: Bench) -> Session:
    return Session(bench.composer, bench.ctx, bench.storage)


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


def source(*nodes: dict[str, Any], **parts: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"name": "Probe", "id": "probe", "category": "Test", "initial_state": {"log": []}}
    return whole | {"nodes": list(nodes)} | parts


def node(name: str, *mappings: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"id": name, "input_arguments": [], "feed_mappings": list(mappings)} | parts


def log(**value: Any) -> dict[str, Any]:
    return {"destination": "<<STATE>>", "sequence": [{"type": "appendAction", "route": ["log"]}]} | value


def to(name: str, **parts: Any) -> dict[str, Any]:
    return {"destination": name} | parts


async def test_firing_goes_into_the_depth(session: Session) -> None:
    await session.open(
        source(
            node("a", to("b"), to("c"), log(value="a")),
            node("b", log(value="b"), to("d", value="b", route=["from"])),
            node("c", log(value="c"), to("d", value="c", route=["from"])),
            node("d", log(getFromInputs={"route": ["from"]}), input_arguments=[{"key": "from"}]),
        )
    )
    assert (await session.fire())["log"] == ["a", "b", "b", "c", "c"]


async def test_firing_in_the_second_format_goes_into_the_breadth(session: Session) -> None:
    def second(name: str, *targets: str) -> dict[str, Any]:
        write = {"destination": {"kind": "state"}, "path": "$.log", "mode": "append", "value": {"literal": name}}
        fired = [{"destination": {"kind": "node", "id": target}, "path": "$"} for target in targets]
        return {"id": name, "type": "transform", "mappings": [write, *fired]}

    await session.open(source(second("a", "b", "c"), second("b", "d"), second("c", "d"), second("d")))
    assert (await session.fire())["log"] == ["a", "b", "c", "d"]


async def test_arguments_come_from_the_first_source_that_gives_them(session: Session) -> None:
    arguments = [
        {"key": "constant", "value": "literal", "from_user": True},
        {"key": "user", "from_user": True},
        {"key": "optional", "from_user": True, "optional": True, "default_value": "default"},
        {"key": "absent", "from_user": True, "optional": True},
        {"key": "state", "from_state": {"route": ["deep", "value"]}},
        {"key": "handed"},
        {"key": "fallback", "optional": True, "default_value": {"length": [1]}},
        {"key": "server", "from_server": True},
    ]
    await session.open(
        source(
            node(
                "a",
                to("<<STATE>>", value="changed", route=["deep", "value"]),
                to("b", getFrom={"type": "staticValue", "value": "h"}, route=["handed"]),
                to("b", value="undeclared", route=["other"]),
            ),
            node(
                "b",
                to("<<STATE>>", value="later", route=["deep", "value"]),
                to("<<USER>>", getFromInputs={"route": []}, route=["got"]),
                to("<<USER>>", getFromInputs={"route": ["absent"]}, route=["missing"]),
                to("<<USER>>", getFromInputs={"route": ["fallback", "length", 0]}, route=["inner"]),
                input_arguments=arguments,
            ),
            initial_state={"deep": {"value": 1}},
        )
    )
    output = await session.fire(user="u")
    got = output["got"]
    assert got.pop("server") is None
    assert got == {
        "constant": "literal",
        "user": "u",
        "optional": "default",
        "state": "changed",
        "handed": "h",
        "fallback": {"length": [1]},
    }
    assert output["missing"] is None
    assert output["inner"] == 1
    failed, _ = await session.run()
    assert failed.error
    assert failed.error.type == "MissingReference"
    assert "user" in failed.error.message


async def test_functions_are_called_for_every_element(session: Session) -> None:
    ask = {"key": "chat_history"}
    await session.open(
        source(
            node(
                "a",
                to("b", getFromInputs={"route": ["all"]}, route=["chat_history"], iterate=True),
                input_arguments=[{"key": "all", "from_user": True}],
            ),
            node(
                "b",
                log(getFromOutputs={"route": ["output"]}),
                to(
                    "c",
                    condition={
                        "operator": "is not",
                        "variableOne": {"type": "getNodeOutput", "route": ["output"]},
                        "variableTwo": {"type": "staticValue", "value": False},
                    },
                ),
                api_function="llm_isolate_question",
                input_arguments=[ask],
            ),
            node("c", log(value="asked")),
        )
    )
    turn: dict[str, Any] = {"role": "user", "content": "What is a weir?", "sources": []}
    answered = {"role": "assistant", "content": "It is."}
    output = await session.fire(all=[[turn], [turn, answered], [turn]])
    # A history that does not end with a question gives false, also after one that did.
    assert output["log"] == ["What is a weir?", "asked", False, "What is a weir?", "asked"]


async def test_conditions_and_values_are_those_of_their_moment(session: Session) -> None:
    empty: dict[str, Any] = {
        "operator": "==",
        "variableOne": {"type": "stateValue", "route": ["log"]},
        "variableTwo": {"type": "staticValue", "value": []},
    }
    twice = [{"type": "appendAction", "route": ["log"]}, {"type": "appendAction", "route": ["log"]}]
    await session.open(
        source(
            node(
                "a",
                to("<<STATE>>", value="x", condition=empty, sequence=twice),
                to("b", getFromState={"route": ["log"]}, route=["then"]),
                to("<<STATE>>", value="y", condition=empty, sequence=twice),
                to("<<STATE>>", getFromState={"route": ["log"]}, sequence=twice),
            ),
            node(
                "b",
                to("<<USER>>", getFromInputs={"route": ["then"]}, route=["then"]),
                input_arguments=[{"key": "then"}],
            ),
        )
    )
    output = await session.fire()
    assert output["then"] == ["x", "x"]
    assert output["log"] == ["x", "x", ["x", "x"], ["x", "x"]]


async def test_insertions_into_what_is_only_known_later(session: Session) -> None:
    action = {
        "type": "appendAction",
        "route": ["log"],
        "initialValue": {"type": "stateValue", "route": ["form"]},
        "insertions": [["a", "b"], ["list", -1]],
        "insertion_values": [None, {"type": "staticValue", "value": "last"}],
    }
    await session.open(
        source(
            node("n", to("<<STATE>>", value=5, sequence=[action])),
            initial_state={"log": [], "form": {"a": {}, "list": [1, 2]}},
        )
    )
    output = await session.fire()
    assert output["log"] == [{"a": {"b": 5}, "list": [1, "last"]}]
    assert output["form"] == {"a": {}, "list": [1, 2]}


async def test_data_that_looks_like_a_value_is_written_as_it_is(session: Session) -> None:
    data = [{"ref": "run.user_id"}, {"expr": {"+": [1, 2]}}, {"in": [1]}, {"template": "{{ run.id }}"}]
    await session.open(
        source(
            node("a", *[log(value=each) for each in data], to("b", value=data[2], route=["k"])),
            node("b", log(getFromInputs={"route": ["k"]}), input_arguments=[{"key": "k"}]),
        )
    )
    assert (await session.fire())["log"] == [*data, data[2]]


async def test_many_ways_are_worked_off_in_the_order_of_firing(session: Session) -> None:
    """Eight layers of two nodes that fire both of the next: 2 + 4 + … + 256 firings, worked off by an agenda."""
    layers = [
        node(f"{side}{layer}", to(f"l{layer + 1}"), to(f"r{layer + 1}"), log(value=f"{side}{layer}"))
        for layer in range(1, 8)
        for side in "lr"
    ]
    first = node("begin", to("l1"), to("r1"))
    await session.open(source(first, *layers, node("l8", log(value="l8")), node("r8", log(value="r8"))))
    output = await session.fire()
    assert len(output["log"]) == sum(2**layer for layer in range(1, 9))
    expected: list[str] = []

    def fire(name: str, layer: int) -> None:
        expected.append(f"{name}{layer}")
        if layer < 8:
            fire("l", layer + 1)
            fire("r", layer + 1)

    fire("l", 1)
    fire("r", 1)
    assert output["log"] == expected


async def test_searches_and_answers_of_our_own_toolchains(session: Session) -> None:
    await session.open(example("tools"))
    run, output = await session.run(question="What is a weir?")
    assert run.status == "completed", run.error
    assert output["answer"]
    assert output["sources"] == []
    assert output["found"] == []
    assert output["embedded"] == "What is a weir?"
    assert output["page"] is None
