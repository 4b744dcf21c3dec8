"""Makes the pictures of the interface in docs/images anew: `.venv/bin/python -m debug.pictures [NAME …]`."""

from __future__ import annotations

import io
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inference.composer import shipped_toolchains
from tests.e2e.conftest import ARGUMENTS, find_browser
from tests.e2e.editor import faults, node
from tests.e2e.session import begin_session
from tests.manual import NAME, operating_manual
from tests.platform import Platform, running_platform

IMAGES = Path(__file__).parents[1] / "docs" / "images"
QUESTION = "What is the maximum operating pressure of the pump station?"
WIDE, PHONE = (1360, 800), (390, 844)
PATIENCE = 60_000
# So many colours tell an interface's greys apart.
COLOURS = 192
LARGEST_BYTES = 150_000


def main() -> None:
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as home, running_platform(Path(home)) as platform:
        furnish(platform)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
            for name, (size, scheme, show) in PICTURES.items():
                if not wanted or name in wanted:
                    take(browser, platform, name, size, scheme, show)
            browser.close()


def furnish(platform: Platform) -> None:
    """An administrator, a manual, and toolchains of their own: a large one, a small one, and one in two versions."""
    platform.begin()
    collection = platform.result("create_document_collection", {"name": "Manuals"})["id"]
    platform.ingest(collection, NAME, operating_manual())
    shipped = shipped_toolchains()
    save(platform, shipped["self_guided_rag"] | {"id": "search_on", "title": "Search until it is found"})
    manuals = shipped["rag"] | {"id": "manuals", "title": "Ask the manuals"}
    save(platform, manuals)
    save(platform, checked(manuals))
    save(platform, short(manuals))


def save(platform: Platform, toolchain: dict[str, Any]) -> None:
    platform.result("save_toolchain", {"toolchain": toolchain})


def short(toolchain: dict[str, Any]) -> dict[str, Any]:
    """The same in three steps, which can be read in a small window."""
    nodes = [one for one in toolchain["nodes"] if one["id"] in ("search", "cite", "write_answer")]
    told = json.dumps(nodes).replace("nodes.isolate.question", "input.question")
    ids = ["start", *(one["id"] for one in nodes), "end"]
    edges = [{"from": begin, "to": end} for begin, end in itertools.pairwise(ids)]
    return toolchain | {"id": "answer", "title": "Answer from manuals", "nodes": json.loads(told), "edges": edges}


def checked(toolchain: dict[str, Any]) -> dict[str, Any]:
    """A next version: somebody looks at the sources before they are answered from, and more of them are looked for."""
    look = {"id": "look", "kind": "approval", "title": "Are these the right ones?"}
    nodes = [one | {"title": "Find more passages"} if one["id"] == "search" else one for one in toolchain["nodes"]]
    edges = [edge for edge in toolchain["edges"] if edge["to"] != "write_answer"]
    added = [{"from": "show_sources", "to": "look"}, {"from": "look", "to": "write_answer"}]
    return toolchain | {"nodes": [*nodes, look], "edges": [*edges, *added]}


def take(
    browser: Browser,
    platform: Platform,
    name: str,
    size: tuple[int, int],
    scheme: Any,
    show: Callable[[Page, str], None],
) -> None:
    """Takes one picture. Raises AssertionError when it is larger than a reader should have to fetch."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = begin_session(context.new_page(), platform)
    show(page, platform.url)
    page.mouse.move(1, height - 1)
    page.wait_for_timeout(400)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    target = IMAGES / f"{name}.png"
    picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)
    context.close()
    size_bytes = target.stat().st_size
    print(f"{target.name}: {size_bytes / 1000:.0f} kB")
    assert size_bytes <= LARGEST_BYTES, f"{target.name} has {size_bytes} bytes; at most {LARGEST_BYTES}"


def show_editor(page: Page, url: str) -> None:
    page.goto(f"{url}/toolchains/search_on/edit")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    page.keyboard.press("Control+f")
    page.get_by_role("dialog").get_by_role("combobox").fill("Answer its parts")
    page.keyboard.press("Enter")
    expect(node(page, "answer_parts")).to_be_in_viewport()


def show_small_editor(page: Page, url: str) -> None:
    page.goto(f"{url}/toolchains/manuals/edit")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)


def show_run(page: Page, url: str) -> None:
    page.goto(f"{url}/toolchains/answer/edit")
    page.locator("header").get_by_role("button", name="Run", exact=True).click()
    form = page.get_by_role("form", name="Input of the run")
    form.get_by_role("textbox", name="Question").fill(QUESTION)
    form.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="The run", exact=True)).to_contain_text("Completed", timeout=PATIENCE)
    page.get_by_role("button", name="Show all").click()
    node(page, "search").click()
    page.get_by_role("complementary", name="Inspector").get_by_role("tab", name="Run").click()


def show_difference(page: Page, url: str) -> None:
    page.goto(f"{url}/toolchains/manuals/edit")
    page.get_by_role("button", name="Versions", exact=True).click()
    second = page.get_by_role("dialog").get_by_role("article", name="Version 2")
    second.get_by_role("button", name="On the graph").click()
    expect(page.get_by_role("dialog").last.get_by_role("status")).to_contain_text("changed", timeout=PATIENCE)


def show_page(page: Page, url: str) -> None:
    page.goto(f"{url}/apps/rag")
    question = page.get_by_role("textbox", name="Message")
    question.fill(QUESTION)
    question.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("16 bar", timeout=PATIENCE)
    expect(page.get_by_role("button", name=re.compile("^Source")).first).to_be_visible(timeout=PATIENCE)


def show_builder(page: Page, url: str) -> None:
    page.goto(f"{url}/toolchains/manuals/edit?page")
    sheet = page.get_by_role("region", name="The page", exact=True)
    sheet.get_by_role("button", name=re.compile("^Chat")).click()


PICTURES: dict[str, tuple[tuple[int, int], str, Callable[[Page, str], None]]] = {
    "editor": (WIDE, "light", show_editor),
    "editor-dark": (WIDE, "dark", show_editor),
    "editor-phone": (PHONE, "light", show_small_editor),
    "editor-phone-dark": (PHONE, "dark", show_small_editor),
    "run": (WIDE, "light", show_run),
    "run-dark": (WIDE, "dark", show_run),
    "difference": (WIDE, "light", show_difference),
    "difference-dark": (WIDE, "dark", show_difference),
    "page": (WIDE, "light", show_page),
    "page-dark": (WIDE, "dark", show_page),
    "page-phone": (PHONE, "light", show_page),
    "page-phone-dark": (PHONE, "dark", show_page),
    "page-editor": (WIDE, "light", show_builder),
}


if __name__ == "__main__":
    main()
