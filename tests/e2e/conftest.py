"""A real browser: Chromium or Chrome from the system, else the one that Playwright keeps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# A container gives root no sandbox; the rest keeps the browser from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """The path of an installed browser; None for Playwright's own, which is then downloaded if it is not there."""
    named = os.environ.get("PENSTOCK_BROWSER")
    for name in (named, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if name and (found := shutil.which(name)):
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return None


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """Not for the whole session: while it is open its event loop runs, and no other test may have one."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Generator[Page]:
    """A page of its own session, in which no script may fail and nothing may be fetched from elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    opened.on("request", lambda request: failures.append(request.url) if is_foreign(request.url) else None)
    yield opened
    context.close()
    assert failures == []


def is_foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
