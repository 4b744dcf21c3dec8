"""Models by hand: loaded and seen in memory, pinned, their engine's log read, one added that is not there."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.session import begin_session
from tests.platform import ADMIN, PASSWORD, Platform, running_platform

EMBEDDER = "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    with running_platform(tmp_path_factory.mktemp("home")) as running:
        running.result("add_user", {"username": ADMIN, "password": PASSWORD}, token="")
        running.token = running.result("login", {"username": ADMIN, "password": PASSWORD}, token="")["access_token"]
        yield running


def test_a_model_is_loaded_pinned_and_looked_into(page: Page, platform: Platform) -> None:
    begin_session(page, platform)
    page.goto(f"{platform.url}/models")
    card = page.get_by_role("article", name=EMBEDDER, exact=True)
    card.get_by_role("button", name=f"Load {EMBEDDER}").click()
    expect(card.get_by_role("status")).to_have_text("Ready", timeout=30_000)
    expect(page.get_by_role("img", name="Memory of this machine: Models")).to_be_visible()

    card.get_by_role("button", name=f"Actions for {EMBEDDER}").click()
    page.get_by_role("menuitem", name="Pin").click()
    expect(card.get_by_role("list")).to_contain_text("pinned")
    card.get_by_role("button", name=f"Actions for {EMBEDDER}").click()
    page.get_by_role("menuitem", name="How long it stays").click()
    page.get_by_label("Minutes unused").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(card.get_by_role("list")).to_contain_text("ends after 30 min")

    card.get_by_role("button", name=f"Actions for {EMBEDDER}").click()
    page.get_by_role("menuitem", name="Log of its engine").click()
    expect(page.get_by_role("dialog", name=f"Log of {EMBEDDER}").locator("pre")).not_to_be_empty()
    page.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Add a model").click()
    form = page.get_by_role("form", name="Model")
    form.get_by_label("id", exact=False).first.fill("<b>bold</b>")
    form.get_by_role("button", name="Add model").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert platform.result("fetch_models")["faults"] == []
