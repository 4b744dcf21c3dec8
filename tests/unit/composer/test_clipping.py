"""Values as events show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from inference.composer.clipping import clipped
from inference.composer.running import node_runs


def test_what_is_small_stays_as_it_is() -> None:
    value = {"a": [1, "two", None, {"b": True}]}
    assert clipped(value) == value


def test_what_is_long_or_deep_is_cut_and_says_so() -> None:
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    cut = clipped({"text": "x" * 10_000, "list": list(range(1000)), "deep": deep})
    assert cut["text"].endswith("(10,000 characters)")
    assert cut["list"][-1] == "… (950 more)"
    assert "items)" in str(cut["deep"])


def test_nodes_of_the_last_attempt_alone() -> None:
    at = datetime.now(UTC)
    events: list[tuple[str, dict[str, Any], datetime]] = [
        ("run_started", {}, at),
        ("node_started", {"node": "a", "kind": "llm", "input": 1}, at),
        ("run_started", {}, at),
        ("node_started", {"node": "b", "kind": "llm", "input": 2}, at),
        ("node_finished", {"node": "b", "duration_ms": 3.5, "output": 4}, at),
        ("node_started", {"node": "c", "kind": "llm", "input": 5}, at),
        ("node_finished", {"node": "c", "duration_ms": 1.0, "output": None, "error": "broke"}, at),
        ("node_started", {"node": "d", "kind": "emit", "input": 6}, at),
    ]
    assert [(n.node, n.status, n.input, n.output, n.error) for n in node_runs(events)] == [
        ("b", "completed", 2, 4, None),
        ("c", "failed", 5, None, "broke"),
        ("d", "running", 6, None, None),
    ]
