"""Collections that are longer than a page of their list, or not there; hits by keyboard, and in any direction."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from playwright.sync_api import Locator, Page, expect
from uuid_utils.compat import uuid7

from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform

PATIENCE = 60_000
LISTED = 200
ENGLISH, ARABIC = "The relief valve opens at high pressure.", "صمام الأمان يفتح عند الضغط العالي."


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator."""
    with running_platform(tmp_path_factory.mktemp("station")) as running:
        running.begin()
        yield running


@pytest.fixture(scope="module")
def valves(station: Platform) -> str:
    """A collection with a document in two languages."""
    collection: str = station.result("create_document_collection", {"name": "Valves"})["id"]
    station.ingest(collection, "valves.txt", f"{ARABIC}\n\n{ENGLISH}".encode())
    return collection


@pytest.fixture
def known(station: Platform, page: Page) -> Page:
    """A page that is logged in."""
    return begin_session(page, station)


def test_what_is_not_listed_yet_is_counted(station: Platform, known: Page) -> None:
    collection = station.result("create_document_collection", {"name": "Notes"})["id"]
    broken = station.upload(collection, "bad.pdf", b"%PDF-1.7 nothing").json()["result"]["document_id"]
    last = [station.upload(collection, f"{n}.txt", f"Note {n}.".encode()) for n in range(LISTED)][-1]
    station.wait_for(last.json()["result"]["document_id"])
    assert station.wait_for(broken)["status"] == "failed"
    known.goto(f"{station.url}/documents/{collection}")
    show = known.get_by_role("group", name="Show")
    expect(show.get_by_role("button", name=f"All {LISTED + 1}", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(known.get_by_role("button", name="Retry all that failed")).to_be_visible()
    expect(known.get_by_role("row", name="bad.pdf")).to_have_count(0)
    show.get_by_role("button", name="Failed 1", exact=True).click()
    expect(known.get_by_role("row", name="bad.pdf")).to_be_visible(timeout=PATIENCE)
    expect(known.get_by_role("button", name="Show more")).to_have_count(0)


def test_a_missing_collection_is_named_and_taken_out_of_a_search(station: Platform, valves: str, known: Page) -> None:
    missing = str(uuid7())
    known.goto(f"{station.url}/search?q=valve&in={missing}&in={valves}")
    expect(known.get_by_role("button", name="Collections: 1 missing, Valves")).to_be_visible(timeout=PATIENCE)
    expect(known.get_by_role("article", name="Hit 1", exact=True)).to_be_visible(timeout=PATIENCE)
    known.get_by_role("button", name="Take it out").click()
    expect(known).to_have_url(f"{station.url}/search?q=valve&in={valves}")
    known.goto(f"{station.url}/search?q=valve&in={missing}")
    expect(known.get_by_role("alert")).to_contain_text("A collection of this search is missing", timeout=PATIENCE)
    known.get_by_role("button", name="Search all collections").click()
    expect(known.get_by_role("article", name="Hit 1", exact=True)).to_be_visible(timeout=PATIENCE)
    known.goto(f"{station.url}/documents/{missing}")
    expect(known.get_by_role("heading", name="There is no such collection")).to_be_visible(timeout=PATIENCE)


def test_an_upload_into_a_deleted_collection_says_that_it_is_gone(station: Platform, known: Page) -> None:
    collection = station.result("create_document_collection", {"name": "Gone"})["id"]
    known.goto(f"{station.url}/documents/{collection}")
    expect(known.get_by_role("heading", name="Gone")).to_be_visible(timeout=PATIENCE)
    station.result("delete_document_collection", {"collection_id": collection})
    known.get_by_label("Choose files").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"A note."}
    )
    expect(known.get_by_role("heading", name="There is no such collection")).to_be_visible(timeout=PATIENCE)


@pytest.mark.usefixtures("valves")
def test_a_hit_is_opened_and_closed_by_keyboard(station: Platform, known: Page) -> None:
    known.goto(f"{station.url}/search?q=valve")
    hit = known.get_by_role("button", name=re.compile("^Open valves.txt"))
    hit.press("Enter", timeout=PATIENCE)
    viewer = known.get_by_role("complementary", name="Passage").get_by_role("group", name="valves.txt")
    expect(viewer).to_be_focused(timeout=PATIENCE)
    known.get_by_role("button", name="What a query may hold").click()
    expect(known.get_by_role("dialog")).to_be_visible()
    known.keyboard.press("Escape")
    expect(known.get_by_role("dialog")).to_have_count(0)
    expect(viewer).to_be_visible()
    viewer.focus()
    known.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(hit).to_be_focused()
    expect(known.get_by_role("searchbox", name="Query")).to_have_value("valve")


@pytest.mark.usefixtures("valves")
def test_every_paragraph_runs_in_its_own_direction(station: Platform, known: Page) -> None:
    known.goto(f"{station.url}/search?q=pressure")
    hit = known.get_by_role("article", name="Hit 1", exact=True)
    expect(hit).to_be_visible(timeout=PATIENCE)
    hit.get_by_role("button", name=re.compile("^Open")).click()
    region = known.get_by_role("region", name="Page 1")
    expect(region.locator("mark").first).to_be_visible(timeout=PATIENCE)
    for text in (hit.locator("p[dir=auto]"), region.locator("[dir=auto]")):
        assert sides(text, ARABIC) == "right"
        assert sides(text, ENGLISH) == "left"


def sides(text: Locator, paragraph: str) -> str:
    """At which side of a text a paragraph of it stands, which is shorter than a line of it."""
    return text.evaluate(
        """(text, paragraph) => {
            const range = document.createRange();
            range.selectNodeContents(text);
            const whole = range.toString();
            const at = whole.indexOf(paragraph);
            const place = (offset) => {
                const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    if (offset <= node.length) return [node, offset];
                    offset -= node.length;
                }
            };
            range.setStart(...place(at + 1));
            range.setEnd(...place(at + paragraph.length - 1));
            const box = text.getBoundingClientRect(), own = range.getBoundingClientRect();
            return box.right - own.right < own.left - box.left ? "right" : "left";
        }""",
        paragraph,
    )
