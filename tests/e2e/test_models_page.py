"""Models by hand: loaded and seen in memory, pinned, their engine's log read, one added, one pulled."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import Page, expect

from tests.e2e.session import begin_session
from tests.fake_hub import CONFIG, FakeHub, hub_beside
from tests.platform import Platform, running_platform
from tests.tiny_llama import write_gguf

EMBEDDER = "all-MiniLM-L6-v2"


@pytest.fixture(scope="module")
def hub() -> Generator[FakeHub]:
    with hub_beside() as beside:
        yield beside


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, hub: FakeHub) -> Generator[Platform]:
    with running_platform(tmp_path_factory.mktemp("home"), HF_ENDPOINT=hub.url) as running:
        running.begin()
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


def test_a_model_is_pulled_and_becomes_one_of_them(
    page: Page, platform: Platform, hub: FakeHub, tmp_path: Path
) -> None:
    weights = write_gguf(tmp_path / "tiny.gguf").read_bytes()
    hub.files = {"config.json": CONFIG, "tiny.gguf": weights}
    page.set_viewport_size({"width": 390, "height": 844})
    begin_session(page, platform).goto(f"{platform.url}/models")

    async def slowly(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(weights))})
        await response.prepare(request)
        await response.write(weights[:5_000_000])
        await hub.over.wait()
        await response.write(weights[5_000_000:])
        return response

    async def wrongly(request: web.Request) -> web.StreamResponse:
        return web.Response(body=bytes(len(weights)))

    hub.instead["tiny.gguf"] = wrongly
    page.get_by_role("button", name="Pull", exact=True).click()
    dialog = page.get_by_role("dialog", name="Pull a model from the hub")
    dialog.get_by_label("Model").fill("owner/no such <b>")
    expect(dialog).to_contain_text("on both sides of one slash")
    expect(dialog.get_by_role("button", name="Pull")).to_be_disabled()
    dialog.get_by_label("Model").fill("owner/model")
    dialog.get_by_label("Files").fill("*.bin")
    dialog.get_by_label("Files").press("Enter")
    dialog.get_by_role("button", name="Pull").click()
    expect(dialog.get_by_role("alert")).to_contain_text("*.bin")
    dialog.get_by_label("Files").press("Backspace")
    dialog.get_by_role("button", name="Pull").click()
    pulls = page.get_by_role("region", name="Pulled from the hub").get_by_role("listitem")
    expect(pulls.first).to_contain_text("is not what the hub promised", timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    hub.instead["tiny.gguf"] = slowly
    page.get_by_role("button", name="Pull", exact=True).click()
    dialog.get_by_label("Model").fill("owner/model")
    dialog.get_by_role("button", name="Pull").click()
    expect(pulls.first).to_contain_text(re.compile(r"[34]\.\d MB of 5\.8 MB"), timeout=30_000)
    expect(page.get_by_role("progressbar", name="Pulling owner/model")).to_have_attribute(
        "aria-valuenow", re.compile("^[1-9]")
    )
    hub.let_go()
    expect(pulls.first).to_contain_text("Done", timeout=30_000)

    pulls.first.get_by_role("button", name="Add owner/model").click()
    form = page.get_by_role("form", name="Model")
    expect(form.get_by_label("source", exact=False).first).to_have_value(re.compile(r"models/owner/model$"))
    form.get_by_label("kind", exact=False).first.click()
    page.get_by_role("option", name="chat").click()
    form.get_by_label("engine", exact=False).first.click()
    page.get_by_role("option", name="llamacpp").click()
    form.get_by_role("button", name="Add model").click()
    expect(page.get_by_role("article", name="owner/model", exact=True)).to_contain_text("Off", timeout=30_000)
