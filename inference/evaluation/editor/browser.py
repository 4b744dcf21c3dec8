"""A headless Chromium, and what its pages cost.

What a page's main thread works for a frame is read from the browser's own trace, as CPU time of its tasks between the
beginnings of two frames; a machine that does something else beside makes little difference to it.
"""

from __future__ import annotations

import json
import shutil
from bisect import bisect_right
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from inference.evaluation.processes import Unmeasurable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_TRACED = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
]


@contextmanager
def browser() -> Generator[Browser]:
    """The system's Chromium, else playwright's. Raises Unmeasurable where there is none."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - what the tests need, a start does not
    except ImportError as error:
        raise Unmeasurable("playwright is not installed; `make test` installs it") from error
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield opened
        opened.close()


def new_page(opened: Browser) -> Page:
    return opened.new_page(viewport={"width": 1440, "height": 900})


def frames(page: Page, act: Callable[[], object]) -> list[float]:
    """What the page works for each frame while `act` goes on, in ms."""
    opened = page.context.browser
    assert opened is not None
    opened.start_tracing(page=page, categories=_TRACED)
    act()
    return frame_work(json.loads(opened.stop_tracing()))


_WATCH = """() => {
    window.frameTimes = [];
    const look = at => { window.frameTimes.push(at); window.frameWatch = requestAnimationFrame(look); };
    window.frameWatch = requestAnimationFrame(look);
}"""
_WATCHED = "() => { cancelAnimationFrame(window.frameWatch); return window.frameTimes; }"


def pace(page: Page, act: Callable[[], object]) -> list[float]:
    """Milliseconds from frame to frame while `act` goes on, as the page's animations see them: 16.7 at best."""
    page.evaluate(_WATCH)
    act()
    times: list[float] = page.evaluate(_WATCHED)
    return [after - before for before, after in pairwise(times)]


def frame_work(trace: dict[str, Any]) -> list[float]:
    """The CPU time in ms that the busiest page's main thread has worked between the beginnings of two frames."""
    begins: dict[tuple[int, int], list[float]] = {}
    tasks: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for event in trace["traceEvents"]:
        thread = event.get("pid", 0), event.get("tid", 0)
        if event["name"] == "BeginMainThreadFrame":
            begins.setdefault(thread, []).append(event["ts"])
        elif event["name"] == "RunTask" and event.get("ph") == "X":
            tasks.setdefault(thread, []).append((event["ts"], event.get("tdur", event["dur"]) / 1000))
    if not begins:
        raise Unmeasurable("the browser's trace tells of no frame")
    thread = max(begins, key=lambda each: len(begins[each]))
    begun = sorted(begins[thread])
    work = [0.0] * (len(begun) + 1)
    for at, spent in tasks.get(thread, []):
        work[bisect_right(begun, at)] += spent
    return [spent for spent, _ in zip(work[1:], pairwise(begun), strict=False)]


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds on to: bytes of JavaScript's objects, of them and the code compiled of its functions, and nodes
    of the document, those that are taken out of it included."""

    objects: float
    with_code: float
    nodes: float


def held(page: Page) -> Held:
    """Collects first what nobody holds on to."""
    session: Any = page.context.new_cdp_session(page)
    pieces: list[str] = []

    def take(event: dict[str, str]) -> None:
        pieces.append(event["chunk"])

    session.on("HeapProfiler.addHeapSnapshotChunk", take)
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.send("Performance.enable")
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    sizes = heap_sizes(json.loads("".join(pieces)))
    # What is native is the document, counted by its nodes, and what the browser notes down of how long things take.
    objects = sum(size for kind, size in sizes.items() if kind not in ("code", "native"))
    return Held(objects, objects + sizes["code"], metrics["Nodes"])


def heap_sizes(snapshot: dict[str, Any]) -> dict[str, float]:
    """The bytes in a snapshot of V8's heap, by the kind of what holds them: `object`, `string`, `code`, `native`…"""
    meta = snapshot["snapshot"]["meta"]
    fields: list[str] = meta["node_fields"]
    kinds: list[str] = meta["node_types"][fields.index("type")]
    sizes = dict.fromkeys(kinds, 0.0)
    nodes: list[int] = snapshot["nodes"]
    kind_of, size_of = (nodes[fields.index(name) :: len(fields)] for name in ("type", "self_size"))
    for kind, size in zip(kind_of, size_of, strict=True):
        sizes[kinds[kind]] += size
    return sizes
