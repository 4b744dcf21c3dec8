"""Nodes within a map: done alone in one of its rounds, dragged out of its frame and back."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.editor import at_rest, faults, node, way
from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform
from tests.server.waiting import until

PATIENCE = 60_000


def saying(name: str, words: str) -> dict[str, Any]:
    """A node that gives words back."""
    question = {"template": words}
    return {"id": name, "kind": "function", "function": "isolate_question", "input": {"question": question}}


EACH: dict[str, Any] = {
    "id": "each_word",
    "title": "Each word",
    "input": {"type": "object", "properties": {"words": {"type": "array", "title": "Words", "default": ["a", "b"]}}},
    "nodes": [
        {
            "id": "each",
            "kind": "map",
            "over": {"ref": "input.words"},
            "body": {
                "nodes": [saying("first", "{{ item }}"), saying("second", "{{ nodes.first.question }}, {{ index }}")]
            },
        },
        saying("after", "done"),
    ],
    "edges": [{"from": "start", "to": "each"}, {"from": "each", "to": "after"}, {"from": "after", "to": "end"}],
    "output": {"all": {"ref": "nodes.each"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator and the toolchain above."""
    with running_platform(tmp_path_factory.mktemp("frames")) as running:
        running.begin()
        running.result("save_toolchain", {"toolchain": EACH})
        yield running


@pytest.fixture
def editor(framed: Platform, page: Page) -> Page:
    """The editor with the toolchain, found sound."""
    begin_session(page, framed).goto(f"{framed.url}/toolchains/each_word/edit")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    return page


def done_alone(platform: Platform) -> Any:
    """What `second` gave in the latest run, if that did it alone."""
    newest = platform.result("fetch_runs", {"toolchain_id": "each_word"})["runs"][0]["run_id"]
    run = platform.result("fetch_run", {"run_id": newest})
    return run["output"] and run["only_node"] and run["output"]["second"]["question"]


def run_tab(page: Page, name: str) -> Locator:
    """The inspector, showing how a node fared."""
    node(page, name).click(position={"x": 120, "y": 20})
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.get_by_role("tab", name="Run").click()
    return inspector


def test_one_of_its_nodes_is_done_alone_in_a_round(framed: Platform, editor: Page) -> None:
    page = editor
    page.locator("header").get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("form", name="Input of the run").get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="The run", exact=True)).to_contain_text("Completed", timeout=PATIENCE)
    page.get_by_role("button", name="Close the drawer").click()

    inspector = run_tab(page, "second")
    expect(inspector.get_by_role("button", name="Run from here")).to_be_disabled()
    inspector.get_by_role("button", name="Run this node").click()
    # The last round of the last run.
    expect(inspector.get_by_label("Output of the node", exact=True)).to_contain_text("b, 1", timeout=PATIENCE)
    until(lambda: done_alone(framed) == "b, 1")

    inspector.get_by_role("button", name="With other inputs").click()
    dialog = page.get_by_role("dialog", name="Run Second alone")
    dialog.get_by_label("index as JSON").fill("-1")
    expect(dialog.get_by_role("button", name="Run")).to_be_disabled()
    dialog.get_by_label("index as JSON").fill("7")
    dialog.get_by_label("nodes.first as JSON").fill('{"question": "mine"}')
    dialog.get_by_role("button", name="Run").click()
    expect(inspector.get_by_label("Output of the node", exact=True)).to_contain_text("mine, 7", timeout=PATIENCE)


def drag(page: Page, name: str, right: float, down: float) -> None:
    """Moves a box by so many pixels, with the mouse."""
    (box,) = at_rest(page, node(page, name))
    x, y = box["x"] + 60, box["y"] + 14
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def test_a_node_is_dragged_out_of_its_frame_and_back(editor: Page) -> None:
    page = editor
    (frame,) = at_rest(page, node(page, "each"))
    drag(page, "first", 0, frame["height"])
    expect(page.get_by_text("2 ways would have crossed the frame")).to_be_visible()
    expect(way(page, "each", "second")).to_have_count(1)
    expect(faults(page)).to_contain_text("fault", timeout=PATIENCE)
    expect(page.get_by_text("No faults")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(way(page, "first", "second")).to_have_count(1)
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    page.get_by_role("button", name="Redo").click()
    drag(page, "first", 0, -frame["height"])
    expect(way(page, "first", "second")).to_have_count(0)
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    expect(faults(page)).to_contain_text("Version 1", timeout=PATIENCE)

    # Without a mouse.
    node(page, "second").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("out of the map")
    page.keyboard.press("Enter")
    expect(way(page, "first", "each")).to_have_count(1)
