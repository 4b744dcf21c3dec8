"""The section of the table about the editor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inference.evaluation.client import Client
from inference.evaluation.editor import stress
from inference.evaluation.editor.browser import Held, browser, frames, held, new_page, pace
from inference.evaluation.editor.grid import ACROSS, EDGES, NODES, toolchain
from inference.evaluation.figures import Figure, Line, Section, Target, figure, percentile
from inference.evaluation.installation import USER, Installation, new_home, started
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.progress import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

_ROUNDS = 3
_OPENINGS, _WARM = 50, 10
_MOVES = 120
# Until what a page does by itself after it was opened is done: it asks the server for faults and drafts.
_REST_MS = 1000
# Until answers that are kept for ten seconds, such as the faults of a draft, are forgotten.
_FORGOTTEN_MS = 12_000

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
_LIT = """nodes => new Promise((done, fail) => {
    const begun = performance.now();
    const look = () => {
        const lit = document.querySelectorAll(".react-flow__node [data-phase=completed][data-kind]").length;
        if (lit >= nodes) done();
        else if (performance.now() - begun > 30000) fail(new Error(`only ${lit} of ${nodes} nodes have lit up`));
        else requestAnimationFrame(look);
    };
    look();
})"""


def measure() -> Section:
    """Opens the toolchain from the list of toolchains, drags one of its nodes, runs it, opens and closes it often."""
    with new_home() as home, started(home) as platform, stress.served() as peer, browser() as opened:
        page, theirs = new_page(opened), new_page(opened)
        _log_in(page, platform)
        theirs.goto(peer)
        theirs.locator(".react-flow__node").first.wait_for()
        tell("editor: opening")
        took = [_opening(page) for _ in range(_ROUNDS)]
        tell("editor: dragging, in turns with the peer")
        pace_of = _in_turns(page, theirs, pace)
        drags = _in_turns(page, theirs, frames)
        tell("editor: running")
        runs = [_run(page) for _ in range(_ROUNDS)]
        tell("editor: opening and closing")
        heap = _heap_lines(*_opened_often(page))
    return Section("editor", [*_drag_lines(took, pace_of, drags), *_run_lines(runs), *heap], _NOTES)


def _drag_lines(took: list[float], pace_of: _Drags, work: _Drags) -> list[Line]:
    return [
        Line(f"{NODES} nodes, {EDGES} edges: open", figure(took, "ms"), target=Target(1000)),
        Line("drag a node: from frame to frame, p95", _of(pace_of.ours, 0.95), peer=_of(pace_of.peers, 0.95),
             target=Target(17)),
        Line("· work of a frame, p95", _of(work.ours, 0.95), peer=_of(work.peers, 0.95)),
        Line("· p50", _of(work.ours, 0.5), peer=_of(work.peers, 0.5)),
        Line("· of a move", _a_move(work.ours), peer=_a_move(work.peers)),
    ]  # fmt: skip


def _run_lines(runs: list[list[float]]) -> list[Line]:
    return [
        Line(f"run, {NODES} nodes light up: work of a frame, p95", _of(runs, 0.95), target=Target(33)),
        Line("· the longest", _of(runs, 1.0)),
    ]


def _of(rounds: list[list[float]], share: float) -> Figure:
    return figure([percentile(each, share) for each in rounds], "ms")


def _heap_lines(before: Held, after: Held) -> list[Line]:
    def grown(first: float, last: float) -> Figure:
        return figure([(last / first - 1) * 100], "%")

    return [
        Line(f"heap after {_OPENINGS} openings", grown(before.objects, after.objects), target=Target(5)),
        Line("· with code compiled meanwhile", grown(before.with_code, after.with_code)),
        Line("· nodes of the document", grown(before.nodes, after.nodes)),
    ]


def _a_move(rounds: list[list[float]]) -> Figure:
    return figure([sum(each) / _MOVES for each in rounds], "ms")


_NOTES = [
    "open: from the click on a link to the frame in which every node stands; its code is loaded before",
    "from frame to frame: by the clock, as the page's animations are called; 16.7 ms where none is left out. Work of a "
    "frame: CPU time of the page's main thread, from the browser's trace",
    "the peer: React Flow with as many plain nodes and edges and what its published stress example has around them; "
    "dragged in turns with ours",
    f"heap: JavaScript's objects with the editor closed, {_OPENINGS} openings after the first {_WARM}; compiled code, "
    "which the browser makes of what is called often and throws away by itself, is told apart",
]


def _log_in(page: Page, platform: Installation) -> None:
    url = f"http://127.0.0.1:{platform.port}"
    page.goto(url)
    page.evaluate("session => localStorage.setItem('penstock.session', session)", json.dumps(_session(platform)))
    # The code of the editor is loaded with another toolchain.
    page.goto(f"{url}/toolchains/rag/copy")
    page.locator(".react-flow__node").first.wait_for()


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


def _opening(page: Page) -> float:
    page.evaluate(_LEAVE)
    return page.evaluate(_OPEN, ["/toolchains/grid/edit", NODES])


@dataclass(frozen=True, slots=True)
class _Drags:
    """What was seen of each drag, ours and the peer's."""

    ours: list[list[float]]
    peers: list[list[float]]


def _in_turns(page: Page, theirs: Page, see: Callable[[Page, Callable[[], object]], list[float]]) -> _Drags:
    """What is seen of drags in turns; the first of each is not counted: there the code is compiled."""
    seen = _Drags([], [])
    for _ in range(1 + _ROUNDS):
        for each, rounds in ((page, seen.ours), (theirs, seen.peers)):
            each.bring_to_front()
            each.wait_for_timeout(_REST_MS)
            rounds.append(see(each, _drag(each)))
    page.bring_to_front()
    return _Drags(seen.ours[1:], seen.peers[1:])


def _drag(page: Page) -> Callable[[], object]:
    """Drags a node through the middle of the graph, and back to where it began; the pointer is on it already."""
    x, y = _middle(page.locator(f'.react-flow__node[data-id="n{NODES // 2 + ACROSS // 2}"]'))

    def drag() -> None:
        page.mouse.down()
        for step in range(_MOVES):
            away = min(step, _MOVES - 1 - step)
            page.mouse.move(x + away, y + away % 40)
        page.mouse.up()

    page.mouse.move(x, y)
    return drag


def _run(page: Page) -> list[float]:
    """Frames from the press on Run to the last of the nodes that lights up."""
    _opening(page)
    page.get_by_role("button", name="Run", exact=True).click()
    form = page.get_by_role("form", name="Input of the run")
    form.get_by_label("Question").fill("What is a penstock?")
    x, y = _middle(form.get_by_role("button", name="Run"))
    page.wait_for_timeout(_REST_MS)

    def run() -> None:
        page.mouse.click(x, y)
        page.evaluate(_LIT, NODES)

    return frames(page, run)


def _middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    if box is None:
        raise Unmeasurable(f"{place} is not on the page")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _opened_often(page: Page) -> tuple[Held, Held]:
    """What is held on to before and after. Tables of the engine that grow by doubling have their size by then."""
    for _ in range(_WARM):
        _opening(page)
    before = _held(page)
    for _ in range(_OPENINGS):
        _opening(page)
    return before, _held(page)


def _held(page: Page) -> Held:
    page.evaluate(_LEAVE)
    page.wait_for_timeout(_FORGOTTEN_MS)
    # React remembers what the last event happened to, until the next one.
    page.mouse.move(400, 300)
    page.mouse.move(420, 320)
    page.wait_for_timeout(_REST_MS)
    return held(page)
