"""What is measured of the editor, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from inference.composer.validation import check_toolchain
from inference.evaluation.editor.browser import frame_work, heap_sizes
from inference.evaluation.editor.grid import EDGES, NODES, toolchain
from inference.evaluation.processes import Unmeasurable


def event(name: str, ts: float, tid: int = 1, **more: Any) -> dict[str, Any]:
    return {"name": name, "ts": ts, "pid": 1, "tid": tid, "ph": "X", **more}


def test_the_toolchain_is_as_large_as_it_says() -> None:
    made = toolchain()
    assert (len(made["nodes"]), len(made["edges"])) == (NODES, EDGES)
    assert len({(edge["from"], edge["to"]) for edge in made["edges"]}) == EDGES
    assert check_toolchain(made)[1] == []


def test_the_work_between_two_frames_is_counted_as_cpu_time_of_the_busiest_page() -> None:
    frame = "BeginMainThreadFrame"
    trace = {
        "traceEvents": [
            event(frame, 1000, dur=1),
            event("RunTask", 1100, dur=9000, tdur=4000),
            event("RunTask", 1200, dur=500),
            event("RunTask", 1300, tid=2, dur=7000, tdur=7000),
            event(frame, 17000, dur=1),
            event("RunTask", 17100, dur=1000, tdur=1000),
            event(frame, 34000, dur=1),
            event("RunTask", 35000, dur=8000, tdur=8000),
            event(frame, 100, tid=2, dur=1),
        ]
    }
    assert frame_work(trace) == [4.5, 1.0]


def test_a_trace_without_frames_measures_nothing() -> None:
    with pytest.raises(Unmeasurable, match="no frame"):
        frame_work({"traceEvents": [event("RunTask", 1, dur=1)]})


def test_a_heap_is_told_by_the_kind_of_what_holds_it() -> None:
    kinds = ["object", "code", "native"]
    meta = {"node_fields": ["type", "name", "self_size"], "node_types": [kinds, "string", "number"]}
    nodes = [0, 1, 100, 1, 2, 40, 2, 3, 7, 0, 4, 5]
    assert heap_sizes({"snapshot": {"meta": meta}, "nodes": nodes}) == {"object": 105, "code": 40, "native": 7}
