"""A batch of calls becomes the arguments of one statement, as if they had come one by one."""

from __future__ import annotations

import itertools

from db.checkpoint_rows import CheckpointRow, Entry, ValueRow, WriteRow, columns

WIDTHS = (8, 6, 9)


def checkpoint(identity: str, body: bytes, thread: str = "t") -> Entry:
    return Entry(checkpoints=[CheckpointRow(thread, "", identity, None, {}, "msgpack", body, {})])


def value(version: str, content: bytes) -> Entry:
    return Entry(values=[ValueRow("t", "", "a", version, "msgpack", content)])


def write(position: int, content: bytes, task: str = "k") -> Entry:
    return Entry(writes=[WriteRow("t", "", "1", task, position, "", "a", "msgpack", content)])


def rows(*batch: Entry) -> list[list[tuple[object, ...]]]:
    """The rows of the three tables that the columns make."""
    arrays = iter(columns(batch))
    return [list(zip(*itertools.islice(arrays, width), strict=True)) for width in WIDTHS]


def test_an_empty_batch_has_every_column() -> None:
    assert columns([]) == [[] for _ in range(sum(WIDTHS))]


def test_every_row_is_there_in_order() -> None:
    checkpoints, values, writes = rows(
        checkpoint("1", b"one"), value("1", b"v"), write(0, b"w"), checkpoint("2", b"two"), checkpoint("1", b"x", "u")
    )
    assert [row[:3] for row in checkpoints] == [("t", "", "1"), ("t", "", "2"), ("u", "", "1")]
    assert values == [("t", "", "a", "1", "msgpack", b"v")]
    assert writes == [("t", "", "1", "k", 0, "", "a", "msgpack", b"w")]


def test_the_last_checkpoint_the_first_value_and_the_first_write_count() -> None:
    checkpoints, values, writes = rows(
        checkpoint("1", b"first"), value("1", b"first"), write(0, b"first"), write(1, b"first"),
        checkpoint("1", b"last"), value("1", b"last"), write(0, b"last"), write(0, b"of another", task="l"),
    )  # fmt: skip
    assert [row[6] for row in checkpoints] == [b"last"]
    assert [row[5] for row in values] == [b"first"]
    assert [(row[3], row[4], row[8]) for row in writes] == [
        ("k", 0, b"first"), ("k", 1, b"first"), ("l", 0, b"of another"),
    ]  # fmt: skip


def test_the_last_of_a_kind_that_a_task_has_once_counts() -> None:
    assert [row[8] for row in rows(write(-4, b"first"), write(-4, b"last"))[2]] == [b"last"]


def test_the_size_counts_what_is_large() -> None:
    assert Entry().size == 0
    whole = Entry(checkpoint("1", b"123").checkpoints, value("1", b"45").values, write(0, b"6").writes)
    assert whole.size == 6
