"""The editor with a toolchain of 300 nodes and 450 edges, in a headless Chromium that draws without a graphics card.

What the page's main thread works for a frame is read from the browser's own trace, as CPU time of its tasks between the
beginnings of two frames; a machine that does something else beside makes no difference to it.
"""

from __future__ import annotations

import json
import shutil
from bisect import bisect_right
from collections.abc import Generator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from inference.evaluation.client import Client
from inference.evaluation.figures import Line, Section, Target, figure, percentile
from inference.evaluation.installation import USER, Installation, new_home, started
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell

if TYPE_CHECKING:
    from playwright.sync_api import Page

NODES, EDGES = 300, 450
_ACROSS = 10
_OPENINGS = 50
_MOVES = 120
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--js-flags=--expose-gc",
]

_TRACED = [
    "devtools.timeline",
    "disabled-by-default-devtools.timeline",
    "disabled-by-default-devtools.timeline.frame",
]

# Goes to an address as a link within the page does, and waits until the first frame in which every node is there.
_OPEN = """([path, nodes]) => new Promise(done => {
    const begun = performance.now();
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
    const look = () => document.querySelectorAll(".react-flow__node").length >= nodes
        ? requestAnimationFrame(() => done(performance.now() - begun))
        : requestAnimationFrame(look);
    look();
})"""
_LEAVE = """() => new Promise(done => {
    history.pushState({}, "", "/toolchains");
    dispatchEvent(new PopStateEvent("popstate"));
    const look = () => requestAnimationFrame(document.querySelector(".react-flow") ? look : done);
    look();
})"""


def measure() -> Section:
    """Opens the toolchain from the list of toolchains, drags one of its nodes, then opens and closes it many times."""
    with new_home() as home, started(home) as platform, _browser() as page:
        url = f"http://127.0.0.1:{platform.port}"
        page.goto(url)
        page.evaluate("session => localStorage.setItem('penstock.session', session)", json.dumps(_session(platform)))
        page.goto(f"{url}/toolchains/rag/copy")
        page.wait_for_selector(".react-flow__node")
        tell("editor: opening")
        opened = [_opening(page) for _ in range(3)]
        drag = _drag(page)
        tell("editor: opening and closing")
        before = _heap(page)
        for _ in range(_OPENINGS):
            _opening(page)
        growth = (_heap(page) / before - 1) * 100
    return Section(
        "editor",
        [
            Line(f"{NODES} nodes, {EDGES} edges: open", figure(opened, "ms"), target=Target(1000)),
            Line("drag a node: work of a frame, p95", figure([percentile(drag, 0.95)], "ms"), target=Target(17)),
            Line("· p50", figure([percentile(drag, 0.5)], "ms")),
            Line(f"heap after {_OPENINGS} openings", figure([growth], "%"), target=Target(5)),
        ],
        [
            "open: from the click on a link to the frame in which every node stands; its code is loaded before",
            "work of a frame is CPU time of the page's main thread, from the browser's trace",
        ],
    )


def toolchain() -> dict[str, Any]:
    """A grid, ten nodes across: each leads to the one below, some to the one below and beside, too."""
    names = [f"n{index}" for index in range(NODES)]
    given: dict[str, Any] = {"question": {"ref": "input.question"}, "history": []}
    nodes = [{"id": name, "kind": "function", "function": "isolate_question", "input": given} for name in names]
    edges = [("start", name) for name in names[:_ACROSS]]
    edges += [(names[index - _ACROSS], names[index]) for index in range(_ACROSS, NODES)]
    edges += [(name, "end") for name in names[-_ACROSS:]]
    aside = ((names[index], names[index + _ACROSS + 1]) for index in range(NODES - _ACROSS - 1))
    while len(edges) < EDGES:
        edges.append(next(aside))
    return {
        "id": "grid",
        "title": "Grid",
        "input": {"type": "object", "properties": {"question": {"type": "string"}}},
        "nodes": nodes,
        "edges": [{"from": begin, "to": end} for begin, end in edges],
    }


def frame_work(trace: dict[str, Any]) -> list[float]:
    """The CPU time in ms that the busiest page's main thread has worked between the beginnings of two frames."""
    frames: dict[tuple[int, int], list[float]] = {}
    tasks: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for event in trace["traceEvents"]:
        thread = event.get("pid", 0), event.get("tid", 0)
        if event["name"] == "BeginMainThreadFrame":
            frames.setdefault(thread, []).append(event["ts"])
        elif event["name"] == "RunTask" and event.get("ph") == "X":
            tasks.setdefault(thread, []).append((event["ts"], event.get("tdur", event["dur"]) / 1000))
    if not frames:
        raise Unmeasurable("the browser's trace tells of no frame")
    thread = max(frames, key=lambda each: len(frames[each]))
    begun = sorted(frames[thread])
    work = [0.0] * (len(begun) + 1)
    for at, spent in tasks.get(thread, []):
        work[bisect_right(begun, at)] += spent
    return [spent for spent, _ in zip(work[1:], pairwise(begun), strict=False)]


def _opening(page: Page) -> float:
    page.evaluate(_LEAVE)
    return page.evaluate(_OPEN, ["/toolchains/grid/edit", NODES])


def _drag(page: Page) -> list[float]:
    """Frames of a drag through the middle of the graph."""
    box = page.locator(f'.react-flow__node[data-id="n{NODES // 2 + _ACROSS // 2}"]').bounding_box()
    browser = page.context.browser
    if box is None or browser is None:
        raise Unmeasurable("there is no node to drag")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    browser.start_tracing(page=page, categories=_TRACED)
    page.mouse.down()
    for step in range(_MOVES):
        page.mouse.move(x + step, y + step % 40)
    page.mouse.up()
    return frame_work(json.loads(browser.stop_tracing()))


def _heap(page: Page) -> float:
    """What JavaScript holds on to, with the editor closed and what nobody holds collected, in bytes."""
    page.evaluate(_LEAVE)
    page.wait_for_timeout(2000)
    session: Any = page.context.new_cdp_session(page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used


def _session(platform: Installation) -> dict[str, Any]:
    """Of the first user, who has the toolchain, as the interface keeps it in the browser."""
    guest = Client(platform.port)
    guest.call("add_user", **USER)
    login = guest.call("login", **USER)
    guest.close()
    user = Client(platform.port, login["access_token"])
    user.call("save_toolchain", toolchain=toolchain())
    user.close()
    return {"state": {"session": {"token": login["access_token"], "user": login["user"]}}, "version": 0}


@contextmanager
def _browser() -> Generator[Page]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - what the tests need, a start does not
    except ImportError as error:
        raise Unmeasurable("playwright is not installed; `make test` installs it") from error
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()
