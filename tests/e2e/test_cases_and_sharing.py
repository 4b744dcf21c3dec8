"""Test cases written, run and mended in the editor; a toolchain shared: with nothing but the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform

PATIENCE = 30_000
HOSTILE = "<img src=x onerror=alert(1)> {{ state }} \u202e"
WEIR: dict[str, Any] = {
    "id": "weir",
    "title": f"Weirs {HOSTILE}",
    "input": {"type": "object", "required": ["question"], "properties": {"question": {"type": "string"}}},
    "state": {"answer": {"type": "string"}},
    "nodes": [
        {
            "id": "say",
            "kind": "function",
            "function": "isolate_question",
            "input": {"question": {"ref": "input.question"}},
            "write": {"answer": {"ref": "result.question"}},
        }
    ],
    "edges": [{"from": "start", "to": "say"}, {"from": "say", "to": "end"}],
    "stream": "answer",
    "output": {"answer": {"ref": "state.answer"}},
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    """A platform with an administrator and a toolchain."""
    with running_platform(tmp_path_factory.mktemp("lake")) as running:
        running.begin()
        running.result("save_toolchain", {"toolchain": WEIR})
        yield running


@pytest.fixture
def known(lake: Platform, page: Page) -> Page:
    """A page that is logged in."""
    return begin_session(page, lake)


def test_a_case_is_written_fails_is_mended_and_passes(lake: Platform, known: Page) -> None:
    page = known
    page.goto(f"{lake.url}/toolchains/weir/edit")
    page.get_by_role("tab", name="Tests").click()
    page.get_by_role("button", name="Add a test case").click()
    dialog = page.get_by_role("dialog", name="New test case")
    dialog.get_by_role("button", name="Add it").click()
    expect(dialog.get_by_text("Give it a name.")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill(HOSTILE)
    dialog.get_by_role("textbox", name="Input").fill('{"question": "How high is the weir in metres?"')
    dialog.get_by_role("button", name="Add a check").click()
    place = dialog.get_by_role("combobox", name="Looks at")
    expect(place).to_have_value("output.answer")
    dialog.get_by_role("combobox", name="Kind of check").click()
    page.get_by_role("option", name="Equals").click()
    dialog.get_by_role("textbox", name="Value").fill("How high is the weir in feet?")
    dialog.get_by_role("button", name="Add it").click()
    expect(dialog.get_by_text("Line 1")).to_be_visible()
    dialog.get_by_role("textbox", name="Input").fill('{"question": "How high is the weir in metres?"}')
    dialog.get_by_role("button", name="Add it").click()
    expect(dialog).to_be_hidden()

    case = page.get_by_role("article", name=HOSTILE)
    page.get_by_role("button", name="Run all").click()
    expect(case.get_by_text("Failed", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(case.get_by_role("deletion")).to_have_text("feet")
    expect(case.get_by_role("insertion")).to_have_text("metres")
    expect(page.get_by_text("1 failed")).to_be_visible()

    page.get_by_role("button", name=f"More for “{HOSTILE}”").click()
    page.get_by_role("menuitem", name="Change").click()
    dialog = page.get_by_role("dialog", name="Change the test case")
    dialog.get_by_role("textbox", name="Pinned results").fill('{"say": {"question": "given"}}')
    dialog.get_by_role("textbox", name="Value").fill("given")
    dialog.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name=f"Run “{HOSTILE}”").click()
    expect(case.get_by_text("Passed", exact=True)).to_be_visible(timeout=PATIENCE)

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible(timeout=PATIENCE)
    # What was tested as a draft is what the version says.
    page.goto(f"{lake.url}/toolchains/weir")
    page.get_by_role("tab", name="Tests").click()
    table = page.get_by_role("group", name="Cases by versions")
    expect(table.get_by_role("link", name="passed")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("1 passed")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_case_with_a_fault_says_so(lake: Platform, known: Page) -> None:
    page = known
    page.goto(f"{lake.url}/toolchains/weir/edit")
    page.get_by_role("tab", name="Tests").click()
    page.get_by_role("button", name=re.compile("^Add( a test case)?$")).click()
    dialog = page.get_by_role("dialog", name="New test case")
    dialog.get_by_role("textbox", name="Name").fill("wrong")
    dialog.get_by_role("button", name="Add a check").click()
    dialog.get_by_role("combobox", name="Looks at").fill("output.none")
    dialog.get_by_role("button", name="Add it").click()
    fault = page.get_by_role("article", name="wrong").get_by_role("list", name="Faults")
    expect(fault).to_contain_text("which is no output; there is answer", timeout=PATIENCE)
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_role("alert")).to_contain_text("The toolchain has faults")


def test_a_run_becomes_a_case(lake: Platform, known: Page) -> None:
    page = known
    ran = lake.result("run_toolchain", {"toolchain_id": "weir", "input": {"question": HOSTILE}, "wait": True})
    page.goto(f"{lake.url}/runs/{ran['run_id']}")
    page.get_by_role("link", name="Make a test case of it").click()
    dialog = page.get_by_role("dialog", name="New test case")
    expect(dialog.get_by_role("textbox", name="Input")).to_have_value(
        json.dumps({"question": HOSTILE}, indent=2, ensure_ascii=False)
    )
    dialog.get_by_role("textbox", name="Name").fill("as it was run")
    dialog.get_by_role("button", name="Add it").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("article", name="as it was run")).to_be_visible()


def test_it_is_shared(lake: Platform, known: Page) -> None:
    page = known
    page.goto(f"{lake.url}/toolchains/weir")
    page.get_by_role("tab", name="Share").click()
    model = page.get_by_role("region", name="As a model")
    model.get_by_role("tab", name="TypeScript").click()
    expect(model.get_by_text(f'baseURL: "{lake.url}/v1"')).to_be_visible()
    expect(model.get_by_text('model: "toolchain/weir"')).to_be_visible()
    typed = page.get_by_role("region", name="With its own input and output")
    typed.get_by_role("tab", name="Python").click()
    with page.expect_download() as kept:
        typed.get_by_role("button", name="Download weir.py").click()
    assert kept.value.suggested_filename == "weir.py"
    source = kept.value.path().read_text()
    compile(source, "weir.py", "exec")
    assert f"BASE_URL = '{lake.url}'" in source

    page.get_by_role("button", name="New webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Title").fill(HOSTILE)
    dialog.get_by_role("button", name="Make it").click()
    secret = dialog.get_by_test_id("webhook-secret").inner_text()
    dialog.get_by_role("button", name="Done").click()
    hook = page.get_by_role("list", name="Webhooks").get_by_role("article")
    address = hook.get_by_text("/api/hooks/").inner_text()
    for body, status in (({"question": "Why?"}, 202), ({"word": HOSTILE}, 422)):
        answer = httpx.post(lake.url + address, json=body, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status, answer.text
    hook.get_by_text("Last deliveries").click()
    deliveries = hook.get_by_role("list", name="Last deliveries")
    expect(deliveries.get_by_text("Refused")).to_be_visible(timeout=PATIENCE)
    expect(deliveries.get_by_role("link", name="Run")).to_be_visible()
    expect(page.get_by_text(secret)).to_be_hidden()

    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="When").fill("every day")
    dialog.get_by_role("textbox", name="Question").fill("Why?")
    dialog.get_by_role("button", name="Set it").click()
    expect(dialog.get_by_text(re.compile("cron|field"))).to_be_visible()
    dialog.get_by_role("textbox", name="When").fill("@daily")
    dialog.get_by_role("button", name="Set it").click()
    schedule = page.get_by_role("list", name="Schedules").get_by_role("article", name="@daily")
    expect(schedule).to_contain_text("next")
    schedule.get_by_role("switch").click(force=True)
    expect(schedule).to_contain_text("not enabled")
    schedule.get_by_role("button", name="Delete “@daily”").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(schedule).to_be_hidden()
