"""An empty installation: nothing but making the first account, which becomes the administrator's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx

from tests.platform import PASSWORD, running_platform
from tests.server.waiting import at_once

CLOSED = ("/api/help", "/api/fetch_all_collections", "/v1/models", "/openapi.json", "/metrics", "/api/no_such_thing")


def test_until_the_first_account_nothing_else_answers(tmp_path: Path) -> None:
    with running_platform(tmp_path / "home") as fresh:
        assert fresh.http.get(f"{fresh.url}/healthz").json() == {"ok": True}
        ready = fresh.http.get(f"{fresh.url}/readyz").json()
        assert ready["ok"]
        assert ready["needs_first_account"]
        assert fresh.http.get(f"{fresh.url}/").headers["content-type"].startswith("text/")

        for path in CLOSED:
            assert fresh.http.get(f"{fresh.url}{path}").status_code == 403, path
        for function in ("login", "fetch_user", "create_api_key", "upload_document", "search_hybrid"):
            refused = fresh.call(function, {"username": "ann", "password": PASSWORD})
            assert refused.status_code == 403, function
            assert "add_user" in refused.json()["error"]["message"]
        chat = fresh.http.post(f"{fresh.url}/v1/chat/completions", json={"model": "extractive"})
        assert chat.status_code in (401, 403)
        hook = fresh.http.post(f"{fresh.url}/api/hooks/{uuid4()}", json={}, headers={"Authorization": "Bearer whsec_x"})
        assert (hook.status_code, hook.json()["error"]["type"]) == (403, "SetupNeeded")

        weak = fresh.call("add_user", {"username": "ann", "password": "short"}, token="")
        assert weak.status_code == 422
        assert weak.json()["error"]["field"] == "password"
        assert fresh.result("add_user", {"username": "ann", "password": PASSWORD}, token="")["is_admin"]

        second = fresh.call("add_user", {"username": "bob", "password": PASSWORD}, token="")
        assert second.status_code == 403
        assert "administrator" in second.json()["error"]["message"]
        fresh.token = fresh.result("login", {"username": "ann", "password": PASSWORD}, token="")["access_token"]
        bob = fresh.new_user("bob")
        assert not fresh.result("fetch_user", token=bob)["is_admin"]
        by_bob = fresh.call("add_user", {"username": "eve", "password": PASSWORD}, token=bob)
        assert by_bob.status_code == 403


def test_with_open_registration_one_of_many_at_once_is_the_administrator(tmp_path: Path) -> None:
    with running_platform(tmp_path / "home", PENSTOCK_OPEN_REGISTRATION="1") as fresh:

        def join(number: int) -> httpx.Response:
            return fresh.call("add_user", {"username": f"user{number}", "password": PASSWORD}, token="")

        answers = at_once(join, 8)
        assert Counter(answer.status_code for answer in answers) == {200: 8}
        assert Counter(answer.json()["result"]["is_admin"] for answer in answers) == {True: 1, False: 7}
        taken = fresh.call("add_user", {"username": "USER3", "password": PASSWORD}, token="")
        assert taken.status_code == 409
        assert taken.json()["error"]["field"] == "username"
