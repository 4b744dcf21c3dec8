"""Channels kept as deltas come back as they were, whatever is forked, copied, pruned or deleted beside them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver, DeltaChannelHistory
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Durability

from db import Storage, open_checkpoints
from db.checkpoints import CheckpointSaver
from tests.storage.graphs import history, notebook, thread


@pytest.fixture
async def saver(storage: Storage) -> AsyncGenerator[CheckpointSaver]:
    opened = open_checkpoints(storage.pool)
    yield opened
    await opened.close()


async def story(saver: BaseCheckpointSaver[Any], durability: Durability = "sync") -> None:
    """Four turns, a fork from the middle with another state, a turn on the branch."""
    graph, config = notebook(saver), thread("t")
    for turn in range(4):
        await graph.ainvoke({"notes": [f"turn {turn}"], "page": f"page {turn}"}, config, durability=durability)
    states = [state async for state in graph.aget_state_history(config)]
    branch = await graph.aupdate_state(states[len(states) // 2].config, {"notes": ["forked"]}, as_node="say")
    await graph.ainvoke(None, branch, durability=durability)
    await graph.ainvoke({"notes": ["on the branch"]}, config, durability=durability)


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
async def test_every_state_is_that_of_the_saver_in_memory(saver: CheckpointSaver, durability: Durability) -> None:
    reference = InMemorySaver()
    await story(reference, durability)
    await story(saver, durability)
    expected = await history(notebook(reference), thread("t"))
    assert await history(notebook(saver), thread("t")) == expected
    assert expected[0][1]["notes"][-4:] == ["on the branch", *expected[0][1]["notes"][-3:]]


async def test_one_statement_finds_what_the_walk_from_parent_to_parent_finds(saver: CheckpointSaver) -> None:
    await story(saver)
    channels = ["notes", "page", "never"]
    with_seed = 0
    async for state in saver.alist(thread("t")):
        found = await saver.aget_delta_channel_history(config=state.config, channels=channels)
        walked = await super(CheckpointSaver, saver).aget_delta_channel_history(config=state.config, channels=channels)
        assert found == walked
        with_seed += "seed" in found["notes"]
    assert with_seed > 5
    assert await saver.aget_delta_channel_history(config=thread("t"), channels=[]) == {}
    nothing: dict[str, DeltaChannelHistory] = {"notes": {"writes": []}}
    assert await saver.aget_delta_channel_history(config=thread("nobody"), channels=["notes"]) == nothing
    unknown = thread("t", checkpoint_id="no such checkpoint")
    assert await saver.aget_delta_channel_history(config=unknown, channels=["notes"]) == nothing


async def test_the_latest_names_itself(saver: CheckpointSaver) -> None:
    await story(saver)
    latest = await saver.aget_tuple(thread("t"))
    assert latest
    by_id = await saver.aget_delta_channel_history(config=latest.config, channels=["notes"])
    assert await saver.aget_delta_channel_history(config=thread("t"), channels=["notes"]) == by_id


async def test_a_copy_goes_on_by_itself(saver: CheckpointSaver) -> None:
    await story(saver)
    graph = notebook(saver)
    before = await history(graph, thread("t"))
    await saver.acopy_thread("t", "u")
    assert await history(graph, thread("u")) == before
    after = await graph.ainvoke({"notes": ["only here"]}, thread("u"))
    assert "only here" in after["notes"]
    assert await history(graph, thread("t")) == before


async def test_pruning_keeps_what_the_latest_state_is_made_of(saver: CheckpointSaver, storage: Storage) -> None:
    reference = InMemorySaver()
    for kept in (reference, saver):
        await story(kept)
        await notebook(kept).aupdate_state(thread("t"), {"notes": ["by hand"]}, "right")
    before = await history(notebook(saver), thread("t"))
    await saver.aprune(["t"])
    after = await history(notebook(saver), thread("t"))
    assert after[0] == before[0]
    assert 1 < len(after) < 6, "the latest, and its parents up to a snapshot"
    assert all(state in before for state in after), "those that stay are whole"
    # From here on it is as if nothing had been pruned.
    for turn in range(5):
        given = {"notes": [f"after {turn}"]}
        went_on = await notebook(saver).ainvoke(given, thread("t"))
        assert went_on == await notebook(reference).ainvoke(given, thread("t"))
        await saver.aprune(["t"])
    orphans = """
        SELECT count(*) FROM checkpoint_writes w
        WHERE NOT EXISTS (SELECT FROM checkpoints c WHERE c.checkpoint_id = w.checkpoint_id)
    """
    assert await storage.pool.fetchval(orphans) == 0


async def test_deleting_a_run_spares_what_later_ones_are_made_of(saver: CheckpointSaver) -> None:
    graph = notebook(saver)
    for run in ("first", "second", "third"):
        await graph.ainvoke({"notes": [run]}, thread("t", run_id=run))
    before = await history(graph, thread("t"))
    await saver.adelete_for_runs(["first", "second"])
    after = await history(graph, thread("t"))
    assert after == before[: len(after)], "no state has changed"
    assert after[0][1]["notes"][0] == "first"
    assert len(after) < len(before)
    left = [state.metadata.get("run_id") async for state in saver.alist(thread("t"))]
    assert set(left) == {"second", "third"}, "what the third run's states are made of, and no more"
    await saver.adelete_for_runs(["first", "second", "third"])
    assert await history(graph, thread("t")) == []
