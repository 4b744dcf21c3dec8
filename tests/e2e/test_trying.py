"""The editor with a toolchain at work: tried, forked, pinned, published, restored; and what several windows write."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

import openai
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.session import begin_session
from tests.manual import operating_manual
from tests.platform import ADMIN, PASSWORD, Platform, running_platform
from tests.server.waiting import until

PATIENCE = 60_000
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> **bold** [link](javascript:alert(3))"
QUESTION = "What is the maximum operating pressure?"

SAYING: dict[str, Any] = {
    "id": "saying",
    "title": f"Saying {HOSTILE}",
    "input": {"type": "object", "properties": {"word": {"type": "string", "title": "Word", "default": "one"}}},
    "state": {"said": {"type": "string"}},
    "nodes": [
        {
            "id": "first",
            "kind": "function",
            "title": "First",
            "function": "isolate_question",
            "input": {"question": {"ref": "input.word"}},
            "write": {"said": {"ref": "result.question"}},
        },
        {
            "id": "second",
            "kind": "function",
            "title": "Second",
            "function": "isolate_question",
            "input": {"question": {"template": "{{ nodes.first.question }} and {{ state.said }}"}},
        },
        {"id": "ask", "kind": "approval", "title": "Is it good?", "message": HOSTILE, "form": {
            "type": "object", "required": ["approved"], "properties": {"approved": {"type": "boolean"}}}},
    ],
    "edges": [
        {"from": "start", "to": "first"},
        {"from": "first", "to": "second"},
        {"from": "second", "to": "ask"},
        {"from": "ask", "to": "end"},
    ],
    "output": {"answer": {"ref": "nodes.second.question"}, "yes": {"ref": "nodes.ask.value.approved"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator, a manual, and a toolchain that asks."""
    with running_platform(tmp_path_factory.mktemp("at_work")) as running:
        running.begin()
        running.key = running.result("create_api_key", {"title": "tests"})["api_key"]
        collection = running.result("create_document_collection", {"name": "Manuals"})["id"]
        running.ingest(collection, "manual & <i>co</i>.pdf", operating_manual())
        running.result("save_toolchain", {"toolchain": SAYING})
        yield running


@pytest.fixture
def known(at_work: Platform, page: Page) -> Page:
    """A page that is logged in."""
    return begin_session(page, at_work)


def log_in(page: Page) -> None:
    page.get_by_label("Username").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def run(page: Page, field: str, text: str) -> Locator:
    """Runs the draft; the section that tells of the run."""
    if not page.get_by_role("form", name="Input of the run").is_visible():
        page.get_by_role("banner").or_(page.locator("header")).get_by_role("button", name="Run", exact=True).click()
    form = page.get_by_role("form", name="Input of the run")
    form.get_by_role("textbox", name=field).fill(text)
    form.get_by_role("button", name="Run").click()
    return page.get_by_role("region", name="The run")


def node(page: Page, title: str) -> Locator:
    return page.locator(".react-flow__node").filter(has_text=title).first


def node_tab(page: Page, title: str) -> Locator:
    """The inspector, showing how a node fared."""
    page.get_by_role("button", name="Fit", exact=False).or_(page.get_by_role("button", name="Show all")).first.click()
    node(page, title).click()
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.get_by_role("tab", name="Run").click()
    return inspector


def retitle(page: Page, title: str) -> None:
    page.get_by_role("complementary", name="Inspector").get_by_role("textbox", name="Title").fill(title)


def ended_runs(platform: Platform, toolchain: str) -> list[dict[str, Any]]:
    """The completed runs of a toolchain, oldest first."""
    runs = platform.result("fetch_runs", {"toolchain_id": toolchain, "status": "completed"})["runs"]
    return runs[::-1]


def save(page: Page, version: int) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Saved as version {version}.")).to_be_visible()


def test_documents_are_asked_forked_published_and_restored(at_work: Platform, known: Page) -> None:
    page = known
    page.goto(f"{at_work.url}/toolchains")
    page.get_by_role("link", name="Use as a template: Answer from documents").click()
    told = run(page, "Question", QUESTION)
    expect(told).to_contain_text("16 bar", timeout=PATIENCE)
    expect(told).to_contain_text("Completed")

    inspector = node_tab(page, "Find passages")
    expect(inspector.get_by_role("list", name="Output of the node")).to_contain_text("page 2")
    inspector.get_by_role("button", name="co</i>.pdf").or_(inspector.get_by_role("button", name="i>.pdf")).first.click()
    expect(page.get_by_text("Page 2 of 6", exact=True)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")

    # What the second node does is done anew, the first is not.
    inspector.get_by_role("button", name="Run from here").click()
    forked = until(lambda: ended_runs(at_work, "rag_copy")[1:], 60)
    expect(page.get_by_role("region", name="The run")).to_contain_text("Completed", timeout=PATIENCE)
    detail = at_work.result("fetch_run", {"run_id": forked[0]["run_id"]})
    assert detail["forked_from"].endswith(".1")
    assert [one["node"] for one in detail["nodes"]][:1] == ["search"], detail["nodes"]

    save(page, 1)
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="What is new").fill(HOSTILE)
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    client = openai.OpenAI(base_url=f"{at_work.url}/v1", api_key=at_work.key)
    question: Any = [{"role": "user", "content": QUESTION}]
    answer = client.chat.completions.create(model="toolchain/rag_copy", messages=question)
    assert "16 bar" in (answer.choices[0].message.content or "")

    page.keyboard.press("Escape")
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 20})
    retitle(page, "Changed")
    save(page, 2)
    page.get_by_role("button", name="Versions", exact=True).click()
    versions = page.get_by_role("dialog")
    first = versions.get_by_role("article", name="Version 1")
    expect(first).to_contain_text(HOSTILE)
    second = versions.get_by_role("article", name="Version 2")
    second.get_by_role("button", name="On the graph").click()
    drawn = page.get_by_role("dialog").last
    expect(drawn.get_by_role("status")).to_contain_text("0 nodes changed")
    drawn.get_by_text("List", exact=True).click()
    expect(drawn.get_by_text("1 change since version 1")).to_be_visible()
    page.keyboard.press("Escape")
    first.get_by_role("button", name="Roll back to it").click()
    page.get_by_role("dialog", name="Roll back to version 1?").get_by_role("button", name="Roll back").click()
    third = versions.get_by_role("article", name="Version 3")
    expect(third).to_contain_text("Published")
    assert at_work.result("fetch_toolchain", {"toolchain_id": "rag_copy"})["toolchain"]["title"] == (
        "Answer from documents (copy)"
    )


def test_a_node_alone_a_pin_and_an_answer_in_place(at_work: Platform, known: Page) -> None:
    page = known
    page.goto(f"{at_work.url}/toolchains/saying/edit")
    told = run(page, "Word", "hello")
    pause = told.get_by_role("region", name="Is it good?")
    expect(pause).to_contain_text("bold", timeout=PATIENCE)
    pause.get_by_role("button", name="Approve").click()
    expect(told).to_contain_text("hello and hello", timeout=PATIENCE)

    inspector = node_tab(page, "Second")
    inspector.get_by_role("button", name="With other inputs").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="nodes.first as JSON").fill('{"question": ')
    expect(dialog.get_by_role("button", name="Run")).to_be_disabled()
    dialog.get_by_role("textbox", name="nodes.first as JSON").fill('{"question": "bye"}')
    dialog.get_by_role("button", name="Run").click()
    expect(inspector.get_by_role("group", name="Output of the node").first).to_contain_text("bye and hello")

    inspector = node_tab(page, "First")
    inspector.get_by_role("button", name="Pin this output").click()
    inspector.get_by_role("button", name="Edit").click()
    dialog.get_by_role("textbox", name="Pinned output as JSON").fill('{"question": "pinned"}')
    dialog.get_by_role("button", name="Pin").click()
    told = run(page, "Word", "ignored")
    told.get_by_role("region", name="Is it good?").get_by_role("button", name="Decline").click(timeout=PATIENCE)
    expect(told).to_contain_text("pinned and pinned", timeout=PATIENCE)

    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("textbox", name="Compare the run that is shown with").or_(
        page.get_by_role("combobox", name="Compare the run that is shown with")
    ).first.click()
    page.get_by_role("option").last.click()
    sides = page.get_by_role("region", name="Two runs side by side")
    expect(sides.get_by_role("row", name=re.compile("Second"))).to_contain_text("what it gave")

    page.get_by_role("tab", name="Steps").click()
    page.get_by_role("slider", name="Step").press("Home")
    expect(page.get_by_role("heading", name="The beginning")).to_be_visible()

    page.locator(".react-flow__pane").click(position={"x": 20, "y": 20})
    page.keyboard.press("Control+Enter")
    expect(told.get_by_role("region", name="Is it good?")).to_be_visible(timeout=PATIENCE)


def test_two_windows_lose_nothing(at_work: Platform, known: Page) -> None:
    page = known
    at_work.result("save_toolchain", {"toolchain": SAYING | {"id": "shared", "title": "Begun"}})
    page.goto(f"{at_work.url}/toolchains/shared/edit")
    retitle(page, "Mine")
    expect(page.get_by_text("Draft kept", exact=True)).to_be_visible()
    at_work.result("save_toolchain", {"toolchain": SAYING | {"id": "shared", "title": "Theirs"}})
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Version 2 was saved in the meantime")
    dialog.get_by_role("button", name="Compare the two").click()
    compared = page.get_by_role("dialog").last
    compared.get_by_text("List", exact=True).click()
    expect(compared.get_by_text("Theirs")).to_be_visible()
    expect(compared.get_by_text("Mine")).to_be_visible()
    # Of two dialogs the key closes the one above.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(1)
    dialog.get_by_role("button", name="Save mine as version 3").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()
    kept = [
        at_work.result("fetch_toolchain", {"toolchain_id": "shared", "version": number})["toolchain"]["title"]
        for number in (1, 2, 3)
    ]
    assert kept == ["Begun", "Theirs", "Mine"]
    assert at_work.result("fetch_drafts", {"toolchain_id": "shared"})["drafts"] == [], "it is a version now"


def test_a_draft_outlives_the_server_the_tab_and_the_session(at_work: Platform, known: Page) -> None:
    page = known
    at_work.result("save_toolchain", {"toolchain": SAYING | {"id": "lasting", "title": "Begun"}})
    page.goto(f"{at_work.url}/toolchains/lasting/edit")
    retitle(page, "Written before")
    expect(page.get_by_text("Draft kept", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Written before")).to_be_visible()

    page.context.set_offline(True)
    retitle(page, "Written without a server")
    expect(page.get_by_text("Draft kept in this browser only")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Save", exact=True).click(force=True)
    page.context.set_offline(False)
    other = page.context.new_page()
    page.close()
    other.goto(f"{at_work.url}/toolchains/lasting/edit")
    dialog = other.get_by_role("dialog", name="Drafts that were not saved")
    dialog.get_by_role("button", name="Go on with it").click()
    expect(other.get_by_role("heading", name="Written without a server")).to_be_visible()

    other.evaluate("""() => {
        const kept = JSON.parse(localStorage.getItem("penstock.session"));
        kept.state.session.token = "expired";
        localStorage.setItem("penstock.session", JSON.stringify(kept));
        window.dispatchEvent(new StorageEvent("storage", { key: "penstock.session" }));
    }""")
    retitle(other, "Written after the end")
    expect(other.get_by_text("Your session has ended. Please log in again.")).to_be_visible(timeout=PATIENCE)
    log_in(other)
    expect(other.get_by_role("heading", name="Written after the end")).to_be_visible()
    save(other, 2)


def test_who_would_lose_a_draft_by_leaving_is_asked(at_work: Platform, known: Page) -> None:
    page = known
    at_work.result("save_toolchain", {"toolchain": SAYING | {"id": "crowded", "title": "Crowded"}})
    page.goto(f"{at_work.url}/toolchains/crowded/edit")
    expect(page.get_by_role("heading", name="Crowded")).to_be_visible()
    page.evaluate("""() => {
        for (let size = 1 << 23; size > 0; size >>= 1) {
            try { localStorage.setItem(`full ${size}`, "x".repeat(size)); } catch {}
        }
    }""")
    page.context.set_offline(True)
    retitle(page, "Kept nowhere")
    # At once, before anything has been tried.
    page.get_by_role("link", name="Back").click()
    dialog = page.get_by_role("dialog", name="The draft would be lost")
    dialog.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("heading", name="Kept nowhere")).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    with page.expect_download() as file:
        dialog.get_by_role("button", name="Export as a file").click()
    assert file.value.suggested_filename == "crowded.json"
    # When the server takes it, nothing holds who wants to leave.
    page.context.set_offline(False)
    page.wait_for_url("**/chat", timeout=PATIENCE)
    drafts = at_work.result("fetch_drafts", {"toolchain_id": "crowded"})["drafts"]
    assert [draft["title"] for draft in drafts] == ["Kept nowhere"]


def test_who_leaves_by_a_link_finds_each_draft_where_it_was_written(at_work: Platform, known: Page) -> None:
    page = known
    page.goto(f"{at_work.url}/toolchains/_/new")
    retitle(page, "Left behind")
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name=re.compile("^Use as a template")).first.click()
    expect(page.get_by_role("heading", name=re.compile(r"\(copy\)$"))).to_be_visible()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="New toolchain").click()
    expect(page.get_by_role("heading", name="Left behind")).to_be_visible()
