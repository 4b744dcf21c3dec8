"""A page that is somebody's without the form of the log-in, which is tried in the first five minutes."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from tests.platform import ADMIN, PASSWORD, Platform


def begin_session(page: Page, platform: Platform) -> Page:
    """The page, at which the administrator is logged in from its first address on."""
    login = platform.result("login", {"username": ADMIN, "password": PASSWORD}, token="")
    state = {"session": {"token": login["access_token"], "user": login["user"]}}
    kept = json.dumps({"state": state, "version": 0})
    name = "penstock.session"
    page.add_init_script(f"localStorage.getItem('{name}') ?? localStorage.setItem('{name}', {json.dumps(kept)})")
    return page
