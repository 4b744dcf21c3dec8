"""From an empty home to a cited answer, as a newcomer goes about it: nothing but the browser."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from playwright.sync_api import Page, expect

from tests.manual import operating_manual
from tests.platform import Platform, running_platform

PATIENCE = 60_000


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform that nobody has used yet."""
    with running_platform(tmp_path_factory.mktemp("fresh")) as running:
        yield running


def test_account_upload_question_citation(fresh: Platform, page: Page) -> None:
    page.goto(fresh.url)
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()

    page.get_by_role("link", name="Documents").click()
    page.get_by_role("button", name="New collection").first.click()
    page.get_by_role("textbox", name="Name").fill("Manuals")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("create", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="Manuals")).to_be_visible()
    page.get_by_label("Choose files").last.set_input_files(
        [
            {"name": "manual.pdf", "mimeType": "application/pdf", "buffer": operating_manual()},
            {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 and then nothing"},
        ]
    )
    table = page.get_by_role("table")
    expect(table.get_by_role("row", name="manual.pdf")).to_contain_text(
        re.compile("ready|complete", re.IGNORECASE), timeout=PATIENCE
    )
    expect(table.get_by_role("row", name="broken.pdf")).to_contain_text(
        re.compile("failed", re.IGNORECASE), timeout=PATIENCE
    )

    page.get_by_role("link", name="Chat").click()
    page.get_by_role("textbox", name="Message").fill("What is the maximum operating pressure?")
    page.get_by_role("textbox", name="Message").press("Enter")
    expect(page.get_by_text("16 bar").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Source 1").first.click()
    expect(page.get_by_text("Page 2 of 6", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("highlight").first).to_be_visible(timeout=PATIENCE)


def test_every_page_opens_in_the_dark_and_on_a_phone(fresh: Platform, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(fresh.url)
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    for path, heading in {
        "search": "Search",
        "documents": "Documents|Manuals",
        "toolchains": "Toolchains",
        "runs": "Runs",
        "models": "Models",
        "settings": "Settings",
    }.items():
        page.goto(f"{fresh.url}/{path}")
        expect(page.get_by_role("heading", name=re.compile(heading)).first).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 400, f"/{path} is {width} pixels wide"
