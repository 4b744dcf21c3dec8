"""A toolchain's own page: made by eye for the RAG toolchain, and used on a screen as small as a phone's."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from inference.composer import shipped_toolchains
from tests.e2e.editor import at_rest, faults, middle
from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform

PATIENCE = 30_000
NASTY = "<img src=x onerror=alert(1)>"
MANUAL = b"The pump stands in the hall. The maximum operating pressure of the pump is 16 bar."

RELEASE: dict[str, Any] = {
    "id": "release",
    "title": f"Release {NASTY}",
    "input": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "title": "Text"}}},
    "state": {"log": {"type": "array", "reducer": "append", "scope": "thread"}},
    "nodes": [
        {"id": "look", "kind": "approval", "title": "Look"},
        {
            "id": "note",
            "kind": "update",
            "changes": [
                {
                    "op": "append",
                    "path": "log",
                    "value": {"text": {"ref": "input.text"}, "out": {"ref": "nodes.look.value.approved"}},
                }
            ],
        },
    ],
    "edges": [{"from": "start", "to": "look"}, {"from": "look", "to": "note"}, {"from": "note", "to": "end"}],
    "output": {"log": {"ref": "state.log"}},
    "page": {
        "session": {"text": {"type": "string"}},
        "elements": [
            {"id": "intro", "kind": "markdown", "value": f"# Texts {NASTY}\n\n[go](javascript:alert(2))"},
            {"id": "text", "kind": "field", "label": NASTY, "to": "session.text"},
            {
                "id": "buttons",
                "kind": "row",
                "children": [
                    {
                        "id": "ask",
                        "kind": "button",
                        "label": "Hand in",
                        "on_press": [
                            {"do": "run", "input": {"text": {"ref": "session.text"}}},
                            {"do": "set", "to": "session.text", "value": ""},
                            {"do": "notify", "message": {"template": "Handed in {{ session.text }}."}},
                        ],
                    },
                    {
                        "id": "yes",
                        "kind": "button",
                        "label": "Release",
                        "style": "quiet",
                        "on_press": [{"do": "answer", "node": "look", "value": {"approved": True}}],
                    },
                ],
            },
            {"id": "log", "kind": "table", "label": "Log", "rows": {"ref": "state.log"}},
        ],
    },
}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator, a copy of `rag` without a page, and the toolchain above."""
    with running_platform(tmp_path_factory.mktemp("pages")) as running:
        running.begin()
        copied = {name: part for name, part in shipped_toolchains()["rag"].items() if name != "page"}
        running.result("save_toolchain", {"toolchain": copied | {"id": "manuals", "title": "Manuals"}})
        running.result("save_toolchain", {"toolchain": RELEASE})
        yield running


@pytest.fixture
def known(ready: Platform, page: Page) -> Page:
    """A page that is logged in."""
    return begin_session(page, ready)


def drag(page: Page, what: Locator, to: Locator) -> None:
    """Drags by the mouse; places to drop appear when the drag has begun."""
    what.hover()
    page.mouse.down()
    (begin,) = at_rest(page, what)
    page.mouse.move(begin["x"] + 20, begin["y"] + 12, steps=3)
    expect(to).to_have_attribute("data-active", "true")
    page.mouse.move(*middle(*at_rest(page, to)), steps=6)
    page.mouse.up()


def builder(page: Page) -> Locator:
    """Where the page is built, over the editor."""
    return page.get_by_role("dialog", name="Page of")


def build(page: Page) -> None:
    """A row with files at the left and a chat at the right, and the sources below it."""
    dialog = builder(page)
    palette = page.get_by_role("navigation", name="Elements")
    sheet = page.get_by_role("region", name="The page", exact=True)
    settings = page.get_by_role("complementary", name="Settings")
    expect(sheet.get_by_role("button", name="Chat chat")).to_be_visible()
    drag(page, palette.get_by_role("button", name="Row"), page.get_by_test_id("gap page 0 0"))
    drag(page, sheet.get_by_role("button", name="Chat chat"), page.get_by_test_id("gap row 0 0"))
    drag(page, palette.get_by_role("button", name="Upload"), page.get_by_test_id("gap row 0 0"))
    settings.get_by_role("textbox", name="Label").fill(f"Add a manual {NASTY}")
    # Without a mouse: behind what is chosen.
    sheet.get_by_role("button", name="Row row").click()
    page.keyboard.press("Escape")
    palette.get_by_role("button", name="Table").press("Enter")
    expect(settings.get_by_role("combobox", name="Rows")).to_have_value("output.sources")
    settings.get_by_role("textbox", name="Label").fill("Sources")

    settings.get_by_role("combobox", name="Rows").fill("output.nothing")
    wrong = settings.get_by_role("list", name="Faults of the page")
    expect(wrong).to_contain_text("'output.nothing'", timeout=PATIENCE)
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    settings.get_by_role("combobox", name="Rows").fill("output.sources")
    expect(wrong).to_have_count(0, timeout=PATIENCE)
    sheet.get_by_role("button", name="Table table").press("Delete")
    expect(sheet.get_by_role("button", name="Table table")).to_have_count(0)
    dialog.get_by_role("button", name="Undo").click()
    expect(sheet.get_by_role("button", name="Table table")).to_be_visible()


def test_a_page_is_made_by_eye_and_used_on_a_phone(ready: Platform, known: Page) -> None:
    page = known
    page.goto(f"{ready.url}/toolchains/manuals")
    page.get_by_role("link", name="Make a page").click()
    build(page)
    # What is not saved yet survives the tab, and is the draft of the whole toolchain.
    expect(builder(page).get_by_role("button", name="Save")).to_be_enabled(timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("button", name="Table table")).to_be_visible(timeout=PATIENCE)
    builder(page).get_by_role("button", name="To the canvas").click()
    expect(faults(page)).to_contain_text("Changed since version 1")
    page.get_by_role("button", name="Build the page").click()
    builder(page).get_by_role("button", name="Save").click(timeout=PATIENCE)
    expect(page.get_by_text("Saved as version 2.")).to_be_visible(timeout=PATIENCE)

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{ready.url}/apps/manuals")
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    page.get_by_label(f"Add a manual {NASTY}").set_input_files(
        {"name": f"pump {NASTY}.txt", "mimeType": "text/plain", "buffer": MANUAL}
    )
    expect(page.get_by_text("Ready")).to_be_visible(timeout=PATIENCE)
    question = page.get_by_role("textbox", name="Message")
    question.fill(f"What is the maximum pressure of the pump? {NASTY}")
    question.press("Enter")
    talk = page.get_by_role("log")
    expect(talk).to_contain_text("16 bar", timeout=PATIENCE)
    expect(page.get_by_role("region", name="Sources")).to_contain_text("pump", timeout=PATIENCE)
    expect(talk.get_by_role("button", name="Source 1").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # The thread is in the address: what was said is there when the page is opened again.
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("16 bar", timeout=PATIENCE)
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_role("log")).not_to_contain_text("16 bar")


def test_the_preview_runs_and_events_answer_what_waits(ready: Platform, known: Page) -> None:
    page = known
    page.goto(f"{ready.url}/apps/release")
    page.get_by_role("link", name="Edit the page").click()
    sheet = page.get_by_role("region", name="The page", exact=True)
    expect(sheet.get_by_role("button", name="Table log")).to_be_visible()
    page.get_by_role("radiogroup", name="What the page is for now").get_by_text("Try it").click()
    expect(sheet.get_by_role("button", name="Release")).to_be_disabled()
    for text in (f"first {NASTY}", "second"):
        sheet.get_by_role("textbox", name=NASTY).fill(text)
        sheet.get_by_role("button", name="Hand in").click()
        # Emptied by the event, before it tells of it.
        expect(page.get_by_text("Handed in .").last).to_be_visible()
        sheet.get_by_role("button", name="Release").click(timeout=PATIENCE)
        expect(sheet.get_by_role("region", name="Log")).to_contain_text(text, timeout=PATIENCE)
    expect(sheet.get_by_role("row")).to_have_count(3)
    expect(sheet.get_by_role("heading")).to_contain_text("Texts")
    assert sheet.locator("img, script, [href^=javascript]").count() == 0


def test_a_page_is_built_within_the_editor(ready: Platform, known: Page) -> None:
    page = known
    page.goto(f"{ready.url}/toolchains/release/edit")
    page.get_by_role("tab", name="Page").click()
    page.get_by_role("button", name="Build the page").click()
    dialog = builder(page)
    dialog.get_by_role("navigation", name="Elements").get_by_role("button", name="Text", exact=True).click()
    text = dialog.get_by_role("button", name="Text text_2", exact=True)
    settings = dialog.get_by_role("complementary", name="Settings")
    settings.get_by_role("group", name="Words", exact=True).get_by_role("textbox").fill(NASTY)
    expect(dialog.get_by_role("region", name="The page", exact=True)).to_contain_text(NASTY)
    # The key lets go of the element; the builder stays.
    text.press("Escape")
    expect(settings.get_by_role("heading", name="The page")).to_be_visible()
    text.press("Control+z")
    expect(dialog.get_by_role("region", name="The page", exact=True)).not_to_contain_text(f"{NASTY}{NASTY}")
    dialog.get_by_role("button", name="To the canvas").click()
    page.get_by_role("button", name="Save", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_text("Saved as version")).to_be_visible(timeout=PATIENCE)
    elements = ready.result("fetch_toolchain", {"toolchain_id": "release"})["toolchain"]["page"]["elements"]
    assert [element["kind"] for element in elements][-1] == "text"


def test_two_who_edit_one_page_lose_nothing(ready: Platform, known: Page) -> None:
    page = known
    page.goto(f"{ready.url}/toolchains/release/edit?page")
    page.get_by_role("navigation", name="Elements").get_by_role("button", name="Divider").click()
    stored = ready.result("fetch_toolchain", {"toolchain_id": "release"})["toolchain"]
    ready.result("save_toolchain", {"toolchain": stored | {"description": "Changed meanwhile"}})
    builder(page).get_by_role("button", name="Save").click(timeout=PATIENCE)
    conflict = page.get_by_role("dialog", name="Somebody else saved it too")
    conflict.get_by_role("button", name="Save both together").click(timeout=PATIENCE)
    expect(page.get_by_text("Saved as version")).to_be_visible(timeout=PATIENCE)
    expect(builder(page)).to_be_visible()
    kept = ready.result("fetch_toolchain", {"toolchain_id": "release"})["toolchain"]
    assert kept["description"] == "Changed meanwhile"
    assert kept["page"]["elements"][-1]["kind"] == "divider"


def test_the_page_of_a_copy_stays_open_over_its_first_save(ready: Platform, known: Page) -> None:
    page = known
    page.goto(f"{ready.url}/toolchains/rag/edit?page")
    page.get_by_role("navigation", name="Elements").get_by_role("button", name="Divider").click()
    dialog = builder(page)
    dialog.get_by_role("button", name="Save").click(timeout=PATIENCE)
    expect(page).to_have_url(f"{ready.url}/toolchains/rag_copy/edit?page", timeout=PATIENCE)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    expect(dialog.get_by_role("link", name="Open")).to_have_attribute("href", "/apps/rag_copy?version=1")
