"""QueryLake's nodes, imported and carried by the real engine: what fires what, and with which arguments."""

from __future__ import annotations

from typing import Any

from tests.querylake import node, source
from tests.storage.sessions import Session


def log(**value: Any) -> dict[str, Any]:
    return {"destination": "<<STATE>>", "sequence": [{"type": "appendAction", "route": ["log"]}]} | value


def to(name: str, **parts: Any) -> dict[str, Any]:
    return {"destination": name} | parts


def probe(*nodes: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A toolchain that keeps a log, unless it is given a state of its own."""
    return source(*nodes, **({"initial_state": {"log": []}} | parts))


async def test_firing_goes_into_the_depth(session: Session) -> None:
    await session.open(
        probe(
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

    await session.open(probe(second("a", "b", "c"), second("b", "d"), second("c", "d"), second("d")))
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
        probe(
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
        probe(
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
        probe(
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
        probe(
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
        probe(
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
    await session.open(probe(first, *layers, node("l8", log(value="l8")), node("r8", log(value="r8"))))
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
