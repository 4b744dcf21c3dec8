"""The editor in a browser: a toolchain from an empty canvas, bad input, and whether everybody can use it."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import add, faults, node, place, pull, write_as
from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform

PATIENCE = 20_000
AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
EVIL = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator."""
    with running_platform(tmp_path_factory.mktemp("editor")) as running:
        running.begin()
        yield running


def paste(page: Page, text: str) -> None:
    """Pastes onto the canvas, as Ctrl-V does."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def test_rag_from_an_empty_canvas(built: Platform, page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1000})
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains")
    page.get_by_role("button", name="New toolchain").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.get_by_label("Title").last.fill("My answers")
    inspector.get_by_label("Name").last.fill("my_answers")

    inspector.get_by_role("tab", name="Data").click()
    inspector.get_by_role("button", name="Add a key").click()
    inspector.get_by_label("Name of key").fill("answer")
    page.keyboard.press("Enter")
    expect(inspector.get_by_label("Type of answer")).to_have_value("string")

    node(page, "start").click()
    add(page, "isolate question")
    pull(page, ("start", "give:question"), ("isolate_question", "take:input.question"))
    node(page, "isolate_question").click()
    add(page, "search hybrid")
    write_as(page, "Collection ids", "JSON")
    ids = inspector.get_by_role("group", name="Collection ids").get_by_role("textbox")
    ids.click()
    page.keyboard.type("[")
    expect(ids).to_have_text("[]")
    page.get_by_role("button", name="Show all").click()
    page.keyboard.press("Escape")
    pull(page, ("isolate_question", "give:question"), ("search_hybrid", "take:input.query"))
    node(page, "search_hybrid").click()
    add(page, "cite sources")
    page.get_by_role("button", name="Show all").click()
    pull(page, ("search_hybrid", "give:hits"), ("cite_sources", "take:input.hits"))

    node(page, "cite_sources").click()
    add(page, "model")
    inspector.get_by_role("group", name="Prompt").get_by_role("textbox").click()
    page.keyboard.type("Answer from the sources. {{cont")
    page.get_by_role("option", name=re.compile("nodes.cite_sources.context")).click()
    page.keyboard.type(" {{isolate_question.q")
    page.get_by_role("option", name=re.compile("nodes.isolate_question.question")).click()
    inspector.get_by_label("Stream").last.fill("answer")
    inspector.get_by_role("group", name="Cite", exact=True).get_by_role("button").first.click()
    page.get_by_role("menuitem", name="Reference").click()
    inspector.get_by_role("group", name="Cite", exact=True).get_by_role("textbox").fill("nodes.cite_sources.sources")
    page.keyboard.press("Tab")

    node(page, "llm").click(position={"x": 40, "y": 12})
    page.keyboard.press("c")
    page.get_by_role("dialog", name="Connect to").get_by_role("combobox").fill("end")
    page.keyboard.press("Enter")
    node(page, "llm").click(position={"x": 40, "y": 12})
    page.get_by_role("button", name="Tidy up").click()
    page.get_by_role("button", name="Show all").click()
    page.keyboard.press("Escape")
    inspector.get_by_role("tab", name="Data").click()
    outputs = inspector.get_by_role("button", name="Add", exact=True)
    outputs.click()
    inspector.get_by_role("group", name="answer", exact=True).last.get_by_role("button").first.click()
    page.get_by_role("menuitem", name="Reference").click()
    inspector.get_by_role("group", name="answer", exact=True).last.get_by_role("textbox").last.fill("state.answer")
    page.keyboard.press("Tab")
    inspector.get_by_role("tab", name="About").click()
    inspector.get_by_label("Stream").last.click()
    page.get_by_role("option", name="answer", exact=True).click()

    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(f"{built.url}/toolchains/my_answers/edit")

    kept = built.result("fetch_toolchain", {"toolchain_id": "my_answers"})["toolchain"]
    assert [(edge["from"], edge["to"]) for edge in kept["edges"]] == [
        ("start", "isolate_question"),
        ("isolate_question", "search_hybrid"),
        ("search_hybrid", "cite_sources"),
        ("cite_sources", "llm"),
        ("llm", "end"),
    ]
    nodes = {one["id"]: one for one in kept["nodes"]}
    assert nodes["search_hybrid"]["input"] == {
        "query": {"ref": "nodes.isolate_question.question"},
        "collection_ids": [],
    }
    assert nodes["cite_sources"]["input"] == {"hits": {"ref": "nodes.search_hybrid.hits"}}
    assert nodes["llm"]["cite"] == {"ref": "nodes.cite_sources.sources"}
    assert "{{ nodes.cite_sources.context }}" in nodes["llm"]["prompt"]["template"]
    assert kept["stream"] == "answer"


def test_faults_lead_to_their_fields_and_everything_is_undone(built: Platform, page: Page) -> None:
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/rag/copy")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    node(page, "search").click()
    page.keyboard.press("Delete")
    expect(node(page, "search")).to_have_count(0)
    # The node behind it reads what it gave, and two test cases pin it.
    expect(faults(page)).to_contain_text("3 faults", timeout=PATIENCE)
    page.get_by_role("button", name="3 faults").click()
    page.get_by_role("button", name=re.compile(r"nodes\[1\].input.hits")).click()
    inspector = page.get_by_role("complementary", name="Inspector")
    expect(inspector.get_by_role("group", name="Hits").get_by_role("alert")).to_contain_text("which is no node here")
    expect(inspector.get_by_role("group", name="Hits").get_by_role("textbox")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(node(page, "search")).to_be_visible()
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)


def test_another_name_is_taken_over_and_one_that_is_taken_is_refused(built: Platform, page: Page) -> None:
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/rag/copy")
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.get_by_role("tab", name="Data").click()
    name = inspector.get_by_role("group", name="question", exact=True).get_by_label("Name", exact=True)
    name.fill("history")
    expect(inspector.get_by_text("That is there already.")).to_be_visible()
    name.press("Enter")
    expect(name).to_have_value("question")
    name.fill("asked")
    name.press("Enter")
    expect(inspector.get_by_role("group", name="asked", exact=True)).to_be_visible()
    output = inspector.get_by_label("Name of answer", exact=True).last
    output.fill("said")
    output.press("Enter")
    expect(inspector.get_by_label("Name of said", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_text("Saved as version 1.")).to_be_visible(timeout=PATIENCE)
    kept = built.result("fetch_toolchain", {"toolchain_id": "rag_copy"})["toolchain"]
    case = kept["tests"][0]
    assert list(case["input"]) == ["asked"]
    assert {"ref": "output.said"} in [check["of"] for check in case["checks"]]


def test_what_cannot_type_check_is_refused_with_the_reason(built: Platform, page: Page) -> None:
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/rag/copy")
    expect(node(page, "search")).to_be_visible()
    pull(page, ("isolate", "give:question"), ("search", "take:input.limit"))
    expect(page.get_by_text("“limit” takes a whole number; “question” is text.").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_node_follows_the_pointer_and_stays_where_it_is_let_go(built: Platform, page: Page) -> None:
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/rag/copy")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    undo = page.get_by_role("button", name="Undo")
    x, y = place(page, "search")
    page.mouse.move(x, y)
    page.mouse.down()
    # A drag counts from the first move on.
    page.mouse.move(x, y + 2)
    # Dragging selects it, too, and what is drawn of that must not take the drag back.
    page.mouse.move(x + 30, y + 62, steps=5)
    expect(node(page, "search")).to_have_class(re.compile("selected"))
    assert place(page, "search") == pytest.approx((x + 30, y + 60), abs=8)
    page.mouse.move(x, y + 2, steps=5)
    page.mouse.up()
    # It was let go about where it had been, and nobody holds it any more.
    expect(node(page, "search")).not_to_have_class(re.compile("dragging"))
    assert place(page, "search") == pytest.approx((x, y), abs=8)

    before = place(page, "search")
    page.mouse.move(*before)
    page.mouse.down()
    page.mouse.move(before[0], before[1] + 2)
    page.mouse.move(before[0], before[1] + 82, steps=5)
    page.mouse.up()
    expect(undo).to_be_enabled()
    after = place(page, "search")
    assert after[1] == pytest.approx(before[1] + 80, abs=8)
    page.keyboard.press("ArrowDown")
    assert place(page, "search")[1] > after[1]
    undo.click()
    assert place(page, "search") == pytest.approx(after, abs=1)
    undo.click()
    assert place(page, "search") == pytest.approx(before, abs=1)


def many(count: int) -> dict[str, Any]:
    """A toolchain of so many nodes."""
    nodes = [{"id": f"n{index}", "kind": "join"} for index in range(count)]
    return {"id": "many", "title": "Many", "nodes": nodes, "edges": []}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('"' + "x" * 5_000_000 + '"', "5.0 million characters", id="5 MB"),
        pytest.param('{"name": "left-pad"}', "no toolchain", id="no toolchain"),
        pytest.param(
            '{"id": "x", "title": "", "nodes": [{"id": "a", "kind": "dream"}], "edges": []}',
            "Update Penstock",
            id="future",
        ),
        pytest.param(json.dumps(many(10_000)), "10,000 nodes", id="10 000 nodes"),
    ],
)
def test_bad_input_is_refused_in_words(built: Platform, page: Page, text: str, words: str) -> None:
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/rag/copy")
    expect(node(page, "search")).to_be_visible()
    paste(page, text)
    expect(page.get_by_text(words)).to_be_visible()
    expect(node(page, "search")).to_be_visible()


def test_scripts_in_every_string_stay_text(built: Platform, page: Page) -> None:
    hostile = {
        "id": "evil",
        "title": EVIL,
        "description": EVIL,
        "input": {"type": "object", "properties": {"q": {"type": "string", "title": EVIL, "description": EVIL}}},
        "state": {"s": {"type": "string", "description": EVIL}},
        "nodes": [
            {"id": "a", "kind": "llm", "title": EVIL, "prompt": {"template": EVIL}},
            {"id": "b", "kind": "branch", "cases": [{"when": {"==": [EVIL, EVIL]}, "to": "end"}], "else": "end"},
            {"id": "c", "kind": "http", "url": EVIL, "on_error": EVIL},
        ],
        "edges": [{"from": "start", "to": "a"}, {"from": "a", "to": "b"}, {"from": EVIL, "to": "c"}],
        "output": {EVIL: EVIL},
        "metadata": {"editor": {"notes": [{"id": EVIL, "text": EVIL, "x": 0, "y": 200}]}},
    }
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/_/new")
    expect(node(page, "start")).to_be_visible()
    paste(page, json.dumps(hostile))
    expect(node(page, "a")).to_be_visible()
    for name in ("a", "b", "c"):
        node(page, name).click()
        expect(page.get_by_role("tab", name="Node")).to_be_visible()
    page.keyboard.press("Escape")
    for tab in ("Data", "Faults", "JSON", "About"):
        page.get_by_role("tab", name=tab).click()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("go to a")
    page.keyboard.press("Escape")
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "owned"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(built: Platform, page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    begin_session(page, built)
    page.goto(f"{built.url}/toolchains/self_guided_rag/copy")
    expect(faults(page)).to_contain_text("No faults", timeout=PATIENCE)
    page.evaluate(AXE.read_text())
    check = "() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"

    def serious() -> list[str]:
        found = page.evaluate(check)
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:300]}" for one in found if one["impact"] in ("serious", "critical")
        ]

    assert serious() == []
    page.get_by_role("button", name="Show all").click()
    node(page, "look").click(position={"x": 20, "y": 6})
    expect(page.get_by_role("group", name="While", exact=True)).to_be_visible()
    assert serious() == []
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious() == []
