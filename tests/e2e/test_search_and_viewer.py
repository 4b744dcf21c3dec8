"""A passage that is searched, explained, opened with its lines marked, and cut anew: nothing but the browser."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.session import begin_session
from tests.manual import NAME, operating_manual
from tests.platform import Platform, running_platform

PATIENCE = 60_000
SENTENCE = "The maximum operating pressure of the station is 16 bar."
PAGE = 2


@dataclass(frozen=True)
class Area:
    """A part of a page, in fractions of it from its upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, other: Area, tolerance: float = 0.008) -> bool:
        return (
            self.x0 - tolerance <= other.x0
            and self.y0 - tolerance <= other.y0
            and self.x1 + tolerance >= other.x1
            and self.y1 + tolerance >= other.y1
        )

    def meets(self, other: Area) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


def lines_of(words: str, page: int) -> list[Area]:
    """Where the manual says the words, a part for each line, as PDFium measures their characters."""
    with pypdfium2.PdfDocument(operating_manual()) as document:
        sheet = document[page - 1]
        width, height = sheet.get_size()
        # pypdfium2 is untyped in part.
        text: Any = sheet.get_textpage()
        found = text.search(words).get_next()
        assert found, f"page {page} does not say {words!r}"
        start, count = found
        boxes = [text.get_rect(index) for index in range(text.count_rects(start, count))]
        return [Area(x0 / width, 1 - y1 / height, x1 / width, 1 - y0 / height) for x0, y0, x1, y1 in boxes]


def place_of(part: Locator, whole: Locator) -> Area:
    inner, outer = part.bounding_box(), whole.bounding_box()
    assert inner
    assert outer
    x, y = (inner["x"] - outer["x"]) / outer["width"], (inner["y"] - outer["y"]) / outer["height"]
    return Area(x, y, x + inner["width"] / outer["width"], y + inner["height"] / outer["height"])


def marked(page: Page) -> list[Area]:
    sheet = page.get_by_role("img", name=re.compile(r"^Page \d+$"))
    expect(page.get_by_test_id("highlight").first).to_be_visible(timeout=PATIENCE)
    return [place_of(mark, sheet) for mark in page.get_by_test_id("highlight").all()]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator and an empty collection."""
    with running_platform(tmp_path_factory.mktemp("library")) as running:
        running.begin()
        running.result("create_document_collection", {"name": "Manuals"})
        yield running


@pytest.fixture
def known(library: Platform, page: Page) -> Page:
    """A page that is logged in."""
    begin_session(page, library).goto(library.url)
    return page


def test_a_passage_is_found_explained_and_marked_on_its_page(known: Page) -> None:
    page = known
    page.get_by_role("link", name="Documents").click()
    page.get_by_label("Choose files").set_input_files(
        {"name": NAME, "mimeType": "application/pdf", "buffer": operating_manual()}
    )
    expect(page.get_by_role("row", name=NAME)).to_contain_text("Complete", timeout=PATIENCE)

    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Query").fill("maximum operating pressure")
    page.get_by_role("searchbox", name="Query").press("Enter")
    first = page.get_by_role("article", name="Hit 1")
    expect(first.locator("mark", has_text="pressure").first).to_be_visible(timeout=PATIENCE)

    page.get_by_role("switch", name="Explain").click()
    told = page.get_by_role("region", name="How it was searched")
    expect(told.get_by_role("row", name=re.compile("^Words"))).to_contain_text("ms")
    expect(told.get_by_role("row", name=re.compile("^Meaning"))).to_contain_text("ms")
    first.get_by_role("button", name="Scores").click()
    expect(first.get_by_role("row", name=re.compile("^Words"))).to_contain_text("#")

    first.get_by_role("button", name=re.compile(rf"^Open .*page {PAGE}")).click()
    expect(page.get_by_text(f"Page {PAGE} of 6", exact=True)).to_be_visible(timeout=PATIENCE)
    boxes = marked(page)
    for line in lines_of(SENTENCE, PAGE):
        assert any(box.holds(line) for box in boxes), f"{line} is in none of {boxes}"
    [header] = lines_of("Penstock PS-400 Operating Manual", PAGE)
    assert not any(box.meets(header) for box in boxes), "what is not of the passage is marked"

    page.get_by_role("button", name="Show passages").click()
    expect(page.get_by_test_id("chunk").filter(has_text=re.compile(r"\d+ tokens")).first).to_be_visible()
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_role("button", name=re.compile("^Zoom 125 %"))).to_be_visible()
    assert all(any(box.holds(line) for box in marked(page)) for line in lines_of(SENTENCE, PAGE))

    page.set_viewport_size({"width": 400, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400, f"a search is {width} pixels wide"


def test_filters_narrow_a_search_and_stay_in_its_address(known: Page) -> None:
    page = known
    page.get_by_role("link", name="Search").click()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Condition").click()
    page.get_by_role("textbox", name="Value").fill("no such name")
    page.get_by_role("searchbox", name="Query").fill("pressure")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("textbox", name="Value").fill("MANUAL")
    expect(page.get_by_role("article", name="Hit 1")).to_be_visible(timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("textbox", name="Value")).to_have_value("MANUAL")
    expect(page.get_by_role("article", name="Hit 1")).to_be_visible(timeout=PATIENCE)


def test_what_is_typed_stays_and_a_day_goes_to_its_end(known: Page) -> None:
    page = known
    page.get_by_role("link", name="Search").click()
    query = page.get_by_role("searchbox", name="Query")
    page.get_by_text("Words", exact=True).click()
    query.press_sequentially("maximum pressure", delay=60)
    expect(page).to_have_url(re.compile(r"/search\?lanes=bm25$"))
    expect(query).to_have_value("maximum pressure")
    query.press("Enter")
    expect(page.get_by_role("article", name="Hit 1")).to_be_visible(timeout=PATIENCE)
    page.go_back()
    expect(query).to_have_value("")
    page.go_forward()
    expect(query).to_have_value("maximum pressure")

    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Condition").click()
    page.get_by_label("Field", exact=True).first.click()
    page.get_by_role("option", name="Added on").click()
    asked = page.get_by_role("combobox", name="What is asked of it")
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    asked.select_option("is before")
    page.get_by_label("Value", exact=True).fill(today)
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible(timeout=PATIENCE)
    asked.select_option("is on or before")
    expect(page.get_by_role("article", name="Hit 1")).to_be_visible(timeout=PATIENCE)
    page.reload()
    expect(page.get_by_label("Value", exact=True)).to_have_value(today)
    expect(asked).to_have_value("lte")
    expect(page.get_by_role("article", name="Hit 1")).to_be_visible(timeout=PATIENCE)


def test_an_open_passage_keeps_its_place_and_is_closed_by_going_back(library: Platform, known: Page) -> None:
    page = known
    collection = library.result("create_document_collection", {"name": "Notes", "chunking": {"max_tokens": 32}})["id"]
    notes = [f"Note {n} was written down by the crew of station {n} in the evening." for n in range(300)]
    notes[200] = "A lynx was seen at the weir."
    library.ingest(collection, "notes.txt", "\n\n".join(notes).encode())
    page.goto(f"{library.url}/search?q=lynx&in={collection}")
    page.get_by_role("button", name=re.compile("^Open")).first.click(timeout=PATIENCE)
    mark = page.get_by_test_id("highlight").first
    expect(mark).to_be_in_viewport(timeout=PATIENCE)
    page.get_by_role("button", name="Show passages").click()
    expect(page.get_by_test_id("chunk").nth(50)).to_be_attached(timeout=PATIENCE)
    expect(mark).to_be_in_viewport()
    page.get_by_role("button", name="Show passages").click()
    expect(page.get_by_test_id("chunk")).to_have_count(0)
    expect(mark).to_be_in_viewport()

    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    passage = page.get_by_role("dialog", name="Passage")
    expect(mark).to_be_in_viewport(timeout=PATIENCE)
    page.go_back()
    expect(passage).to_have_count(0)
    expect(page).to_have_url(f"{library.url}/search?q=lynx&in={collection}")
    expect(page.get_by_role("searchbox", name="Query")).to_have_value("lynx")


def test_an_open_document_that_is_replaced_or_deleted_is_seen_to_be(library: Platform, known: Page) -> None:
    page = known
    collection = library.result("create_document_collection", {"name": "Logs"})["id"]
    log = library.ingest(collection, "log.txt", b"The gate is shut.")
    page.goto(f"{library.url}/documents/{collection}?open={log['id']}")
    expect(page.get_by_text("The gate is shut.")).to_be_visible(timeout=PATIENCE)
    library.upload(collection, "log.txt", b"The gate is open.", fields={"document_id": log["id"]})
    expect(page.get_by_text("The gate is open.")).to_be_visible(timeout=PATIENCE)
    library.result("delete_document", {"document_id": log["id"]})
    expect(page.get_by_text("There is no document")).to_be_visible(timeout=PATIENCE)


def test_a_change_of_chunking_tells_its_cost_and_is_made(library: Platform, known: Page) -> None:
    page = known
    collection = manuals(library)
    page.goto(f"{library.url}/documents/{collection['id']}")
    page.get_by_role("link", name="Collection settings").click()
    page.get_by_label("Longest passage").fill("9")
    expect(page.get_by_text("A whole number from 16 to 8,192.")).to_be_visible()
    page.get_by_label("Longest passage").fill("48")
    cost = page.get_by_role("group", name="Cost of the change")
    expect(cost).to_contain_text("1 document is cut anew", timeout=PATIENCE)
    cost.get_by_role("button", name="Make the change").click()
    expect(page.get_by_label("Longest passage")).to_have_value("48", timeout=PATIENCE)
    expect(cost).to_contain_text("Nothing is changed.", timeout=PATIENCE)
    changed = manuals(library)
    assert changed["chunking"]["max_tokens"] == 48
    assert changed["chunk_count"] > collection["chunk_count"]


def manuals(library: Platform) -> dict[str, Any]:
    listed = library.result("fetch_all_collections")["collections"]
    return next(collection for collection in listed if collection["name"] == "Manuals")
