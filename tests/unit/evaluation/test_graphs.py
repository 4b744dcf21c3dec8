"""The graphs that are measured do on both sides what they say, and a crash is judged by what ran."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.composer import check_toolchain
from inference.composer.plan import plan_of
from inference.evaluation.graphs import langgraph_chain, toolchains
from inference.evaluation.graphs.crash import judged
from inference.evaluation.graphs.trace import NODES, Trace, begun
from inference.models.toolchain import Toolchain


@pytest.mark.parametrize(
    "definition",
    [toolchains.chain(10), toolchains.fans(25), toolchains.traced(10, "isolate_question"), toolchains.conversation()],
    ids=["chain", "fans", "traced", "conversation"],
)
def test_a_measured_toolchain_has_no_faults_of_form(definition: dict[str, Any]) -> None:
    _, faults = check_toolchain(definition)
    # `traced` is for a function of the measuring process; its arguments fit no other.
    assert [fault for fault in faults if ".input" not in fault.path] == []


def test_a_chain_is_one_line_and_fans_are_as_many_as_nodes() -> None:
    assert len(plan_of(Toolchain.model_validate(toolchains.chain(100))).lines) == 1
    fans = Toolchain.model_validate(toolchains.fans(25))
    assert len(fans.nodes) == len(plan_of(fans).lines) == 100


async def test_the_peers_chain_does_the_work_that_ours_does() -> None:
    assert (await langgraph_chain.chain(7).compile().ainvoke({"n": 0}))["n"] == 7
    assert (await langgraph_chain.fans(2).compile().ainvoke({"n": 0}))["n"] == 4
    messages = (await langgraph_chain.conversation("hello").compile().ainvoke({"messages": []}))["messages"]
    assert [message.content for message in messages] == ["hello", "hello"]


async def test_a_traced_node_is_told_its_thread(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    graph = langgraph_chain.chain(2, Trace(str(path)).work).compile()
    await graph.ainvoke({"n": 0}, {"configurable": {"thread_id": "run"}})
    await Trace(str(path)).work("run", 2)
    assert begun(path) == {("run", 1): 1, ("run", 2): 2}
    assert begun(tmp_path / "none") == {}


def _ran(**times: int) -> dict[tuple[str, int], int]:
    """Every node of the run `a` once, but those named `n3=2`."""
    return {("a", node): times.get(f"n{node}", 1) for node in range(1, NODES + 1)}


@pytest.mark.parametrize(
    ("recorded", "result", "ran", "expected"),
    [
        ([1, 2], NODES, _ran(), (2, 0, 0, 0)),
        ([1, 2], NODES, _ran(n3=2), (2, 0, 1, 0)),
        ([1, 2, 3], NODES, _ran(n3=3), (3, 2, 2, 0)),
        ([1, 2], NODES, _ran(n9=0), (2, 0, 0, 1)),
        ([1, 2], None, _ran(n9=0, n10=0), (2, 0, 0, 3)),
        ([], NODES - 1, _ran(), (0, 0, 0, 1)),
    ],
    ids=["clean", "one that was under way", "recorded ones again", "a lost node", "no result", "a wrong result"],
)
def test_a_crash_is_judged(
    recorded: list[int], result: int | None, ran: dict[tuple[str, int], int], expected: tuple[int, int, int, int]
) -> None:
    crash = judged(["a"], {"a": recorded}, {"a": result}, ran, 1.0)
    assert (crash.recorded, crash.recorded_again, crash.again, crash.lost) == expected
