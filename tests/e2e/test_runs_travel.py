"""A run that pauses: answered, gone back in, forked and retried, with nothing but the browser."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform
from tests.querylake import EXAMPLES

PATIENCE = 30_000
QUERYLAKE = EXAMPLES["conditions"]

REVIEW: dict[str, Any] = {
    "id": "review",
    "title": "Review of a report",
    "input": {
        "type": "object",
        "required": ["chapters"],
        "properties": {"chapters": {"type": "array", "items": {"type": "string"}, "title": "Chapters"}},
    },
    "state": {
        "total": {"type": "integer", "reducer": "add", "default": 0},
        "verdict": {"type": "string"},
        "level": {"type": "integer"},
    },
    "suggestions": [{"title": "The yearly report", "input": {"chapters": ["Weirs", "Sluices", "Turbines"]}}],
    "nodes": [
        {
            "id": "each",
            "kind": "map",
            "title": "Every chapter",
            "over": {"ref": "input.chapters"},
            "body": {
                "nodes": [
                    {
                        "id": "count",
                        "kind": "code",
                        "title": "Count letters",
                        "code": "len(text)",
                        "input": {"text": {"ref": "item"}},
                        "write": {"total": {"ref": "result.value"}},
                    }
                ]
            },
        },
        {
            "id": "ask",
            "kind": "approval",
            "title": "Is the report good?",
            "message": {"template": "The chapters have **{{ state.total }} letters**."},
            "form": {
                "type": "object",
                "required": ["approved", "level"],
                "properties": {
                    "approved": {"type": "boolean"},
                    "level": {"type": "integer", "title": "Level", "multipleOf": 2},
                },
            },
            "wait_seconds": 86400,
            "write": {"level": {"ref": "result.value.level"}},
        },
        {
            "id": "say",
            "kind": "update",
            "title": "Say it",
            "changes": [
                {"op": "set", "path": "verdict", "value": {"template": "{{ state.total }} at {{ state.level }}"}}
            ],
        },
    ],
    "edges": [
        {"from": "start", "to": "each"},
        {"from": "each", "to": "ask"},
        {"from": "ask", "to": "say"},
        {"from": "say", "to": "end"},
    ],
    "output": {"verdict": {"ref": "state.verdict"}},
}

PART: dict[str, Any] = {
    "id": "part",
    "title": "Part",
    "nodes": [{"id": "divide", "kind": "code", "title": "Divide", "code": "1 / 0"}],
    "edges": [{"from": "start", "to": "divide"}, {"from": "divide", "to": "end"}],
    "output": {"value": {"ref": "nodes.divide.value"}},
}

WHOLE: dict[str, Any] = {
    "id": "whole",
    "title": "Whole",
    "nodes": [{"id": "ask", "kind": "subchain", "title": "Ask the part", "toolchain": "part"}],
    "edges": [{"from": "start", "to": "ask"}, {"from": "ask", "to": "end"}],
    "output": {"value": {"ref": "nodes.ask.value"}},
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator and the toolchains above."""
    with running_platform(tmp_path_factory.mktemp("busy")) as running:
        running.begin()
        for toolchain in (REVIEW, PART, WHOLE):
            running.result("save_toolchain", {"toolchain": toolchain})
        yield running


@pytest.fixture
def known(busy: Platform, page: Page) -> Page:
    """A page that is logged in."""
    return begin_session(page, busy)


def test_a_pause_is_answered_and_a_step_forked(busy: Platform, known: Page) -> None:
    page = known
    page.goto(f"{busy.url}/toolchains/review")
    page.get_by_role("tab", name="Run").click()
    page.get_by_role("button", name="The yearly report").click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name="Open run").click()

    pause = page.get_by_role("region", name="Is the report good?")
    expect(pause.get_by_text("20 letters")).to_be_visible(timeout=PATIENCE)
    expect(pause.get_by_text(re.compile(r"Goes on without an answer in 23 h"))).to_be_visible()
    pause.get_by_role("button", name="Approve").click()
    expect(pause.get_by_text("This is needed.")).to_be_visible()
    pause.get_by_role("textbox", name="Level").fill("3")
    pause.get_by_role("button", name="Approve").click()
    # What only the server knows is told at its field.
    expect(pause.get_by_text("multiple of 2")).to_be_visible()
    pause.get_by_role("textbox", name="Level").fill("4")
    pause.get_by_role("button", name="Approve").click()
    about = page.get_by_role("complementary", name="About the run")
    expect(about.get_by_role("group", name="Output of the run")).to_contain_text("20 at 4", timeout=PATIENCE)
    expect(page.get_by_role("table", name="Time account")).to_contain_text("Paused")
    expect(page.get_by_role("table", name="Timeline")).to_contain_text("3. Count letters")

    page.get_by_role("tab", name="Steps").click()
    slider = page.get_by_role("slider", name="Step")
    slider.press("Home")
    step = page.get_by_role("complementary", name="The step")
    expect(step.get_by_role("heading", name="The beginning")).to_be_visible()
    for _ in range(3):
        slider.press("ArrowRight")
        # Side by side: in whatever order they ended.
        expect(step.get_by_role("heading", name=re.compile(r"After Every chapter › \d\. Count"))).to_be_visible()
    slider.press("ArrowRight")
    expect(step.get_by_role("heading", name="After Every chapter", exact=True)).to_be_visible()
    expect(step.get_by_role("group", name="State total")).to_contain_text("20")

    step.get_by_role("button", name="Fork from here").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Change total").click()
    editor = dialog.get_by_role("textbox", name="total as JSON")
    editor.fill("1,")
    expect(dialog.get_by_text(re.compile("Line 1"))).to_be_visible()
    editor.fill("1000")
    dialog.get_by_role("button", name="Fork with 1 change").click()
    expect(page.get_by_role("region", name="Is the report good?").get_by_text("1000 letters")).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_role("link", name="Forked from step 4").click()
    expect(page.get_by_role("complementary", name="The step")).to_contain_text("After Every chapter")
    page.set_viewport_size({"width": 400, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400, f"a run at its steps is {width} pixels wide"


def test_a_failed_run_goes_on_when_it_is_retried(busy: Platform, known: Page) -> None:
    page = known
    started = busy.result("run_toolchain", {"toolchain_id": "whole", "wait": True})
    page.goto(f"{busy.url}/runs/{started['run_id']}")
    about = page.get_by_role("complementary", name="About the run")
    expect(about.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    expect(about.get_by_role("button", name="Ask the part › Divide")).to_be_visible()
    node = PART["nodes"][0] | {"code": "40 + 2"}
    busy.result("save_toolchain", {"toolchain": PART | {"nodes": [node]}})
    about.get_by_role("button", name="Retry").click()
    expect(about.get_by_role("group", name="Output of the run")).to_contain_text("42", timeout=PATIENCE)
    expect(about.get_by_role("alert")).to_have_count(0)


def test_versions_are_compared_published_and_taken_back(busy: Platform, known: Page) -> None:
    page = known
    busy.result("save_toolchain", {"toolchain": REVIEW | {"title": "Review, second"}})
    page.goto(f"{busy.url}/toolchains/review")
    page.get_by_role("tab", name="Versions").click()
    second = page.get_by_role("article", name="Version 2")
    second.get_by_role("button", name="What changed").click()
    expect(second.get_by_text("Review of a report")).to_be_visible()
    second.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(second.get_by_text("Published", exact=True)).to_be_visible()
    page.get_by_role("article", name="Version 1").get_by_role("button", name="Roll back to it").click()
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    third = page.get_by_role("article", name="Version 3")
    expect(third.get_by_text("Published", exact=True)).to_be_visible()


def test_an_import_tells_what_it_could_not_carry(busy: Platform, known: Page) -> None:
    page = known
    page.goto(f"{busy.url}/toolchains")
    page.get_by_role("button", name="Import").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Toolchain as JSON").fill("[1]")
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_text("A toolchain is an object")).to_be_visible()
    dialog.get_by_role("textbox", name="Toolchain as JSON").fill('{"id": "taken", "title": "T", "nodes": 5}')
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_role("list", name="Faults")).to_contain_text("nodes")
    dialog.get_by_label("Choose a toolchain file").set_input_files(QUERYLAKE)
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_text("It is imported as")).to_be_visible()
    dialog.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("region", name="Graph of the toolchain")).to_be_visible()
