"""What graphs leave in the database: enough to go on from, no more than changed, and nobody else's faults."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from typing import Any, cast

import asyncpg
import pytest
from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata, empty_checkpoint
from langgraph.types import Command

from db import DatabaseUnreachable, Storage, open_checkpoints
from db.checkpoint_rows import CheckpointTable, Entry
from db.checkpoints import CheckpointSaver
from inference.errors import Conflict, InvalidInput, Unavailable
from tests.storage.graphs import approval, compiled, history, notebook, thread


@pytest.fixture
async def saver(storage: Storage) -> AsyncGenerator[CheckpointSaver]:
    opened = open_checkpoints(storage.pool)
    yield opened
    await opened.close()


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Entry]]:
    """What is written together. To be asked for before the saver."""
    seen: list[Sequence[Entry]] = []
    write = CheckpointTable.write

    async def noted(self: CheckpointTable, batch: Sequence[Entry]) -> None:
        seen.append(batch)
        await write(self, batch)

    monkeypatch.setattr(CheckpointTable, "write", noted)
    return seen


def state(**values: Any) -> Checkpoint:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"], checkpoint["channel_versions"] = values, dict.fromkeys(values, "1")
    return checkpoint


async def put(saver: CheckpointSaver, name: str, checkpoint: Checkpoint, **metadata: Any) -> None:
    noted = cast("CheckpointMetadata", {"source": "loop", "step": 1, **metadata})
    await saver.aput(thread(name), checkpoint, noted, checkpoint["channel_versions"])


async def test_a_super_step_is_one_commit(batches: list[Sequence[Entry]], saver: CheckpointSaver) -> None:
    await compiled(saver, [count], [count_again]).ainvoke({"page": "a"}, thread("t"), durability="sync")
    first_step, second_step = batches[-2:]
    for batch in (first_step, second_step):
        assert [len(entry.checkpoints) for entry in batch] == [0, 1], "a task's writes, and the checkpoint after it"
        assert [len(entry.writes) > 0 for entry in batch] == [True, False]


async def count(given: Any) -> Any:
    return {"count": given.get("count", 0) + 1}


async def count_again(given: Any) -> Any:
    return {"count": given["count"] + 1}


async def test_what_did_not_change_is_not_written_again(saver: CheckpointSaver, storage: Storage) -> None:
    graph, page = notebook(saver), "a page that stays " * 1000
    await graph.ainvoke({"page": page, "notes": []}, thread("t"))

    async def sizes() -> tuple[int, int]:
        row = await storage.pool.fetchrow("""
            SELECT (SELECT count(*) FROM checkpoint_values WHERE channel = 'page') AS pages,
                   (SELECT max(length(body)) + max(pg_column_size(channel_versions)) FROM checkpoints) AS largest
        """)
        assert row
        return row["pages"], row["largest"]

    pages, largest = await sizes()
    for _ in range(20):
        await graph.ainvoke({"notes": ["more"]}, thread("t"))
    assert await sizes() == (pages, pytest.approx(largest, abs=64)), "a step costs the same after many"


async def test_runs_at_the_same_time_share_commits(batches: list[Sequence[Entry]], saver: CheckpointSaver) -> None:
    graph = notebook(saver)
    given = [{"notes": [f"of {number}"], "page": number} for number in range(12)]
    results = await asyncio.gather(*(graph.ainvoke(one, thread(str(one["page"]))) for one in given))
    assert [(one["notes"][0], one["page"]) for one in results] == [(f"of {n}", n) for n in range(12)]
    alone = sum(len(batch) for batch in batches)
    assert len(batches) < alone / 3
    for number in range(12):
        kept = await history(graph, thread(str(number)))
        assert kept[0][1] == results[number]


async def test_another_process_goes_on_where_a_person_was_asked(saver: CheckpointSaver, storage: Storage) -> None:
    asked = await approval(saver).ainvoke({"page": "a"}, thread("t"))
    assert asked["__interrupt__"][0].value == "which?"
    await saver.close()
    other = open_checkpoints(storage.pool)
    graph = approval(other)
    assert (await history(graph, thread("t")))[0][2] == ("ask",)
    assert (await graph.ainvoke(Command(resume="this"), thread("t")))["notes"] == ["said 0", "answered this"]
    await other.close()


async def test_history_comes_in_pages_newest_first(saver: CheckpointSaver) -> None:
    graph = notebook(saver)
    for turn in range(15):
        await graph.ainvoke({"page": turn}, thread("t"))
    await graph.ainvoke({"page": "other"}, thread("u"))
    every = [kept async for kept in saver.alist(thread("t"))]
    ids = [kept.checkpoint["id"] for kept in every]
    assert len(ids) == 60
    assert ids == sorted(ids, reverse=True)
    assert all(kept.parent_config == older.config for kept, older in itertools.pairwise(every))

    async def listed(*given: Any, **named: Any) -> list[str]:
        return [kept.checkpoint["id"] async for kept in saver.alist(*given, **named)]

    before = thread("t", checkpoint_id=ids[9])
    assert await listed(thread("t"), before=before) == ids[10:]
    assert await listed(thread("t"), before=before, limit=25) == ids[10:35]
    assert await listed(thread("t"), limit=0) == []
    assert await listed(thread("t", checkpoint_id=ids[30])) == [ids[30]]
    assert await listed({"configurable": {"thread_id": "t"}}, limit=41) == ids[:41]
    everywhere = await listed(None)
    assert everywhere == sorted(everywhere, reverse=True)
    assert everywhere[4:] == ids
    assert await listed(None, filter={"source": "input"}, before=before) == [
        kept.checkpoint["id"] for kept in every[10:] if kept.metadata.get("source") == "input"
    ]


async def test_a_filter_asks_for_equal_values(saver: CheckpointSaver) -> None:
    await put(saver, "t", state(), tags={"a": 1, "b": 2}, empty=None)
    assert [kept async for kept in saver.alist(thread("t"), filter={"tags": {"a": 1}})] == [], "a part is not equal"
    for asked in ({"tags": {"b": 2, "a": 1}}, {"step": 1, "source": "loop"}, {"empty": None}, {"never_set": None}):
        assert len([kept async for kept in saver.alist(thread("t"), filter=asked)]) == 1, asked
        assert len([kept async for kept in saver.alist(None, filter=asked)]) == 1, asked


async def test_pruning_frees_values_that_nothing_has(saver: CheckpointSaver, storage: Storage) -> None:
    graph = notebook(saver)
    for turn in range(3):
        await graph.ainvoke({"page": f"page {turn}"}, thread("t"))
        await graph.ainvoke({"page": f"page {turn}"}, thread("untouched"))
    before, others = await history(graph, thread("t")), await history(graph, thread("untouched"))
    await saver.aprune(["t", "no such thread"])
    assert (await history(graph, thread("t")))[0] == before[0]
    assert await history(graph, thread("untouched")) == others
    pages = "SELECT count(*) FROM checkpoint_values WHERE channel = 'page' AND thread_id = $1"
    assert (await storage.pool.fetchval(pages, "t"), await storage.pool.fetchval(pages, "untouched")) == (1, 3)
    await saver.aprune(["t"], strategy="delete")
    await saver.adelete_thread("untouched")
    for table in ("checkpoints", "checkpoint_values", "checkpoint_writes"):
        assert await storage.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_ten_megabytes_come_back_and_go_alone(batches: list[Sequence[Entry]], saver: CheckpointSaver) -> None:
    large = "ten megabytes and more " * 450_000
    await asyncio.gather(
        *(put(saver, name, state(page=page)) for name, page in (("a", "small"), ("b", large), ("c", 1)))
    )
    assert sorted(len(batch) for batch in batches) == [1, 2], "small ones do not wait for it"
    kept = await saver.aget_tuple(thread("b"))
    assert kept
    assert kept.checkpoint["channel_values"] == {"page": large}
    result = await notebook(saver).ainvoke({"page": large}, thread("t"))
    assert result["page"] == large
    assert (await history(notebook(saver), thread("t")))[0][1]["page"] == large


@pytest.mark.parametrize(
    ("value", "says"),
    [(lambda: None, r"'page'.*not msgpack serializable: function"), (1 << 70, r"'page'.*64-bit")],
)
async def test_a_value_that_cannot_be_kept_is_named(saver: CheckpointSaver, value: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        await put(saver, "t", state(page=value))
    with pytest.raises(InvalidInput, match=says):
        await saver.aput_writes(thread("t", checkpoint_id="1"), [("page", value)], "task")
    assert await saver.aget_tuple(thread("t")) is None


async def test_a_fault_does_not_reach_the_neighbours(batches: list[Sequence[Entry]], saver: CheckpointSaver) -> None:
    outcomes = await asyncio.gather(
        put(saver, "a", state(page=1)),
        put(saver, "b", state(page=2), number=1 << 70),
        put(saver, "c\0", state(page=3)),
        put(saver, "d", state(page=4)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), InvalidInput, InvalidInput, type(None)]
    assert len(batches[0]) == 4
    kept = [await saver.aget_tuple(thread(name)) for name in "abd"]
    assert [one and one.checkpoint["channel_values"] for one in kept] == [{"page": 1}, None, {"page": 4}]


async def test_a_lost_connection_is_said_and_the_next_call_works(saver: CheckpointSaver, database: str) -> None:
    await put(saver, "a", state(page=1))
    lock, watch = await asyncpg.connect(database), await asyncpg.connect(database)
    await lock.execute("BEGIN; LOCK TABLE checkpoints")
    writing = [asyncio.create_task(put(saver, name, state(page=2))) for name in "bcd"]
    waits = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not await watch.fetchval(f"SELECT count(*) {waits}"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # PostgreSQL tells nobody that somebody waits
    await watch.execute(f"SELECT pg_terminate_backend(pid) {waits}")
    outcomes = await asyncio.gather(*writing, return_exceptions=True)
    await lock.close()
    await watch.close()
    assert [type(outcome) for outcome in outcomes] == [DatabaseUnreachable] * 3
    await put(saver, "b", state(page=2))
    kept = await saver.aget_tuple(thread("b"))
    assert kept
    assert kept.checkpoint["channel_values"] == {"page": 2}


async def test_what_makes_no_sense_is_refused(saver: CheckpointSaver) -> None:
    await put(saver, "t", state(page=1))
    with pytest.raises(InvalidInput, match="thread_id"):
        await saver.aget_tuple({"configurable": {}})
    with pytest.raises(InvalidInput, match="thread_id"):
        await saver.aput({}, state(), {}, {})
    with pytest.raises(InvalidInput, match="checkpoint_id"):
        await saver.aput_writes(thread("t"), [("page", 1)], "task")
    with pytest.raises(InvalidInput, match="keep_latest or delete"):
        await saver.aprune(["t"], strategy="keep_some")
    for target in ("t", "u"):
        await put(saver, "u", state(page=2))
        with pytest.raises(Conflict, match=f"'{target}'"):
            await saver.acopy_thread("t", target)
    for unknown in ("not an id", "' OR true --", "🙂" * 5000):
        assert await saver.aget_tuple(thread("t", checkpoint_id=unknown)) is None
        assert await saver.aget_tuple(thread(unknown)) is None
    with pytest.raises(InvalidInput):
        await saver.aget_tuple(thread("nul\0"))
    assert await saver.aget_tuple(thread("t", checkpoint_id="")) == await saver.aget_tuple(thread("t"))


async def test_after_closing_nothing_is_taken(saver: CheckpointSaver) -> None:
    await saver.close()
    for page in ("small", "large " * 100_000):
        with pytest.raises(Unavailable, match="stopping"):
            await put(saver, "t", state(page=page))
    assert await saver.aget_tuple(thread("t")) is None


async def test_blocking_calls_say_what_to_call_instead(saver: CheckpointSaver) -> None:
    calls: Any = saver
    for name in ("get_tuple", "get", "list", "put", "put_writes", "delete_thread", "delete_for_runs", "copy_thread"):
        with pytest.raises(NotImplementedError, match="ainvoke"):
            getattr(calls, name)(thread("t"))
    for name in ("prune", "get_delta_channel_history"):
        with pytest.raises(NotImplementedError, match="ainvoke"):
            getattr(calls, name)(config=thread("t"), channels=["notes"])


def test_storage_comes_without_langgraph() -> None:
    loaded = "import sys, db; print([name for name in sys.modules if name.startswith(('langgraph', 'langchain'))])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"
