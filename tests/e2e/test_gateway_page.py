"""What an administrator sets for the gateway by hand holds for the next request, whose usage is then shown."""

from __future__ import annotations

from collections.abc import Generator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.session import begin_session
from tests.platform import Platform, running_platform
from tests.server.waiting import until

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Generator[Platform]:
    with running_platform(tmp_path_factory.mktemp("home")) as running:
        running.begin()
        yield running


def test_a_route_a_limit_a_provider_and_what_was_used(page: Page, platform: Platform) -> None:
    begin_session(page, platform)
    page.goto(f"{platform.url}/models/gateway")
    expect(page.get_by_text("Nothing was asked in this time.")).to_be_visible()

    page.get_by_role("button", name="New route").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("quick")
    dialog.get_by_label("Model", exact=True).fill("extractive")
    page.get_by_role("button", name="Save").click()
    routes = page.get_by_role("list", name="Routes")
    expect(routes.get_by_text("quick")).to_be_visible()

    page.get_by_role("button", name="New limit").click()
    page.get_by_label("Requests a minute").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Limits").get_by_text("Requests a minute: 1")).to_be_visible()

    page.get_by_role("button", name="Connect a provider").click()
    dialog.get_by_label("Name").fill(HOSTILE)
    dialog.get_by_label("Address").fill("https://models.example/v1")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("name")
    dialog.get_by_label("Name").fill("example")
    dialog.get_by_label("API key").fill("sk-of-somebody-and-long-enough")
    dialog.get_by_role("button", name="Save").click()
    providers = page.get_by_role("list", name="Providers")
    expect(providers.get_by_text("https://models.example/v1")).to_be_visible()
    assert "somebody" not in page.content()

    assert ask(platform).status_code == 200
    refused = ask(platform)
    assert refused.status_code == 429
    assert "requests a minute" in refused.text
    # A request is in the usage a second or so after its end.
    until(lambda: platform.result("fetch_usage")["usage"])
    page.reload()
    expect(page.get_by_role("region", name="Usage").get_by_role("rowheader", name="extractive")).to_be_visible()

    page.get_by_role("button", name="Delete Each user").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing is limited.")).to_be_visible()
    assert ask(platform).status_code == 200


def ask(platform: Platform) -> httpx.Response:
    """A chat completion by the route."""
    return platform.http.post(
        f"{platform.url}/v1/chat/completions",
        json={"model": "quick", "messages": [{"role": "user", "content": "What is it? A penstock is a pipe."}]},
        headers={"Authorization": f"Bearer {platform.token}"},
    )
