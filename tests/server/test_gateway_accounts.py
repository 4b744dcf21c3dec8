"""Who may ask models for how much, what is written down of it, and providers that people connect."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.platform import Platform
from tests.server.scripted import Scripted
from tests.server.scripted_upstream import KEY
from tests.server.waiting import until

HELLO: Any = [{"role": "user", "content": "Hello"}]
CHAT, MESSAGES = "/v1/chat/completions", "/v1/messages"
_numbers = itertools.count()


def ask(models: Platform, token: str, path: str = CHAT, model: str = "openai/talk", **more: Any) -> httpx.Response:
    body = {"model": model, "messages": HELLO, "max_tokens": 50} | more
    return models.http.post(f"{models.url}{path}", json=body, headers={"Authorization": f"Bearer {token}"})


def eventually(models: Platform, token: str, status: int, **more: Any) -> httpx.Response:
    """The first answer with this status: other processes hear of a change within a moment."""
    deadline = time.monotonic() + 10
    while (answer := ask(models, token, **more)).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)
    return answer


@pytest.fixture
def name(models: Platform) -> str:
    """The name of a user whom nobody else uses."""
    name = f"person{next(_numbers)}"
    models.new_user(name)
    return name


@pytest.fixture
def token(models: Platform, name: str) -> str:
    body = {"username": name, "password": "correct horse battery"}
    return models.result("login", body, token="")["access_token"]


def usage(models: Platform, token: str, requests: int, **more: Any) -> list[dict[str, Any]]:
    """The rows of what was used, when so many requests have been written down."""
    deadline = time.monotonic() + 10
    while True:
        rows = models.result("fetch_usage", more, token=token)["usage"]
        if sum(row["requests"] for row in rows) >= requests:
            return rows
        assert time.monotonic() < deadline, rows
        time.sleep(0.1)


class TestToolchains:
    """Models that a toolchain's nodes ask are asked as by anybody: by the names of routes, counted, within limits."""

    @pytest.fixture
    def toolchain(self, models: Platform, token: str, name: str) -> str:
        """A toolchain that asks a route: one model that is broken, then one that answers."""
        models.result(
            "set_model_route", {"name": f"{name}-quick", "model": "openai/broken", "fallbacks": ["openai/talk"]}
        )
        node = {"id": "answer", "kind": "llm", "model": f"{name}-quick", "prompt": "Hello", "max_tokens": 50}
        toolchain = {
            "id": f"of-{name}",
            "title": "Asks",
            "nodes": [node],
            "edges": [{"from": "start", "to": "answer"}, {"from": "answer", "to": "end"}],
            "output": {"answer": {"ref": "nodes.answer.text"}},
        }
        return models.result("save_toolchain", {"toolchain": toolchain}, token=token)["id"]

    def test_a_fallback_answers_and_is_counted_for_the_key(self, models: Platform, token: str, toolchain: str) -> None:
        key = models.result("create_api_key", {"title": "mine"}, token=token)
        ran = eventually_runs(models, key["api_key"], toolchain, "completed")
        assert ran["output"]["answer"]
        rows = usage(models, token, 1, group_by=["api_key", "model"])
        told = {row["model"]: (row["api_key_title"], row["failed"], row["tokens_out"]) for row in rows}
        assert told["openai/talk"] == ("mine", 0, 7)

    def test_limits_hold(self, models: Platform, token: str, name: str, toolchain: str) -> None:
        eventually_runs(models, token, toolchain, "completed")
        models.result("set_limits", {"kind": "user", "subject": name, "requests_per_minute": 1})
        refused = eventually_runs(models, token, toolchain, "failed")
        detail = models.result("fetch_run", {"run_id": refused["run_id"]}, token=token)
        assert "1 requests a minute" in detail["error"]["message"]
        assert detail["error"]["node"] == "answer"


def eventually_runs(models: Platform, token: str, toolchain: str, status: str) -> dict[str, Any]:
    """The first run that ends so: other processes hear of a change within a moment."""
    deadline = time.monotonic() + 10
    while True:
        ran = models.result("run_toolchain", {"toolchain_id": toolchain, "input": {}, "wait": True}, token=token)
        if ran["status"] == status:
            return ran
        assert time.monotonic() < deadline, ran
        time.sleep(0.05)


class TestUsage:
    def test_all_kinds_of_answers_are_counted_alike(self, models: Platform, token: str) -> None:
        for path in (CHAT, MESSAGES):
            for stream in (False, True):
                assert ask(models, token, path, stream=stream).status_code == 200
        (row,) = usage(models, token, 4)
        assert (row["model"], row["requests"], row["failed"], row["estimated"]) == ("openai/talk", 4, 0, 0)
        assert (row["tokens_out"], row["tokens_cached"]) == (4 * 7, 4 * 64)
        assert row["tokens_in"] > 400

    def test_what_nobody_told_is_estimated_and_marked(self, models: Platform, token: str) -> None:
        assert ask(models, token, model="openai/mute", stream=True).status_code == 200
        (row,) = usage(models, token, 1)
        assert row["estimated"] == 1
        assert row["tokens_out"] > 0

    def test_failures_and_toolchains(self, models: Platform, token: str) -> None:
        ask(models, token, model="openai/bad")
        ask(models, token, model="toolchain/chat")
        rows = {row["model"]: row for row in usage(models, token, 3)}
        assert rows["openai/bad"]["failed"] == 1
        assert rows["toolchain/chat"]["requests"] == rows["extractive"]["requests"] == 1
        assert rows["extractive"]["tokens_out"] > rows["toolchain/chat"]["tokens_out"] == 0, "tokens count once"

    def test_a_stream_that_its_client_leaves_is_counted(self, models: Platform, token: str) -> None:
        body = {"model": "openai/endless", "messages": HELLO, "stream": True}
        headers = {"Authorization": f"Bearer {token}"}
        with models.http.stream("POST", f"{models.url}{CHAT}", json=body, headers=headers) as response:
            next(response.iter_raw())
        (row,) = usage(models, token, 1)
        assert row["tokens_out"] > 0

    def test_by_key_hour_and_user(self, models: Platform, token: str, name: str) -> None:
        key = models.result("create_api_key", {"title": "mine"}, token=token)
        ask(models, key["api_key"])
        ask(models, token)
        rows = usage(models, token, 2, group_by=["api_key", "hour", "user"])
        assert {(row["api_key_id"], row["api_key_title"]) for row in rows} == {(None, None), (key["id"], "mine")}
        assert {row["username"] for row in rows} == {name}
        assert all(row["time"] and row["model"] is None for row in rows)

    def test_administrators_alone_see_what_others_use(self, models: Platform, token: str, name: str) -> None:
        ask(models, token)
        assert models.call("fetch_usage", {"all_users": True}, token=token).status_code == 403
        usage(models, token, 1)
        everybody = models.result("fetch_usage", {"all_users": True, "group_by": ["user"]})["usage"]
        assert name in [row["username"] for row in everybody]
        assert name not in str(models.result("fetch_usage", {"group_by": ["user"]}))

    @pytest.mark.parametrize(
        "body",
        [
            {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, {"from": "1990-01-01T00:00:00Z"},
            {"group_by": ["password"]}, {"from": "x"},
        ],
    )  # fmt: skip
    def test_reports_that_cannot_be(self, models: Platform, body: dict[str, Any]) -> None:
        assert models.call("fetch_usage", body).status_code == 422


class TestLimits:
    def test_administrators_alone_set_them(self, models: Platform, token: str) -> None:
        limit = {"kind": "each_user", "requests_per_minute": 1}
        assert models.call("set_limits", limit, token=token).status_code == 403
        assert models.call("fetch_limits", token=token).status_code == 403

    def test_tokens_a_day(self, models: Platform, token: str, name: str) -> None:
        models.result("set_limits", {"kind": "user", "subject": name.upper(), "tokens_per_day": 0})
        refused = eventually(models, token, 429)
        error = refused.json()["error"]
        assert (error["type"], "tokens a day" in error["message"]) == ("rate_limit_error", True)
        assert 0 < int(refused.headers["retry-after"]) <= 86_400
        again = ask(models, token, MESSAGES)
        assert (again.status_code, again.json()["error"]["type"]) == (429, "rate_limit_error")
        models.result("set_limits", {"kind": "user", "subject": name})
        eventually(models, token, 200)
        assert name not in str(models.result("fetch_limits"))

    def test_requests_a_minute_of_a_key(self, models: Platform, token: str) -> None:
        key = models.result("create_api_key", {"title": "few"}, token=token)
        models.result("set_limits", {"kind": "api_key", "subject": key["id"], "requests_per_minute": 1_000})
        deadline = time.monotonic() + 10
        while "x-ratelimit-limit-requests" not in (answer := ask(models, key["api_key"])).headers:
            assert time.monotonic() < deadline
        assert answer.headers["x-ratelimit-limit-requests"] == "1000"
        assert answer.headers["x-ratelimit-remaining-requests"] == "999"
        next_one = ask(models, key["api_key"], MESSAGES)
        assert next_one.headers["anthropic-ratelimit-requests-remaining"] == "998"
        models.result("set_limits", {"kind": "api_key", "subject": key["id"], "requests_per_minute": 2})
        refused = eventually(models, key["api_key"], 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["x-ratelimit-remaining-requests"] == "0"
        assert ask(models, token).status_code == 200, "others keys are not limited by it"
        models.result("set_limits", {"kind": "api_key", "subject": key["id"]})

    def test_requests_at_once(self, models: Platform, token: str, name: str) -> None:
        models.result("set_limits", {"kind": "user", "subject": name, "concurrent_requests": 1})
        body = {"model": "openai/endless", "messages": HELLO, "stream": True}
        headers = {"Authorization": f"Bearer {token}"}

        def refused() -> str:
            with models.http.stream("POST", f"{models.url}{CHAT}", json=body, headers=headers) as response:
                next(response.iter_raw())
                return ask(models, token).json().get("error", {}).get("message", "")

        assert "requests at once" in until(refused)
        eventually(models, token, 200)

    def test_a_model_that_nobody_may_ask(self, models: Platform, token: str) -> None:
        models.result("set_limits", {"kind": "model", "subject": "openai/closed", "requests_per_minute": 0})
        eventually(models, token, 429, model="openai/closed")
        assert ask(models, token).status_code == 200

    @pytest.mark.parametrize(
        "limit",
        [
            {"kind": "user", "requests_per_minute": 1}, {"kind": "each_user", "subject": "ann"},
            {"kind": "api_key", "subject": "x"}, {"kind": "nobody"},
            {"kind": "model", "subject": "m", "tokens_per_day": -1},
        ],
    )  # fmt: skip
    def test_limits_that_cannot_be(self, models: Platform, limit: dict[str, Any]) -> None:
        assert models.call("set_limits", limit).status_code == 422


class TestKeys:
    def test_one_that_is_deleted_ends_at_once(self, models: Platform, token: str) -> None:
        key = models.result("create_api_key", {"title": "short"}, token=token)
        assert ask(models, key["api_key"]).status_code == 200
        models.result("delete_api_key", {"api_key_id": key["id"]}, token=token)
        eventually(models, key["api_key"], 401)


class TestProviders:
    def test_one_of_ones_own(self, models: Platform, scripted: Scripted, token: str) -> None:
        provider = {"name": "mine", "base_url": scripted.url, "api_key": KEY, "headers": {"X-Team": "herons"}}
        connected = models.result("set_provider", provider)
        assert connected["preview"] == f"{KEY[:6]}…{KEY[-4:]}"
        assert connected["header_names"] == ["X-Team"]
        assert eventually(models, models.token, 200, model="mine/talk").json()["model"] == "talk"
        headers = {name.lower(): value for name, value in scripted.seen("talk")[-1].headers.items()}
        assert (headers["authorization"], headers["x-team"]) == (f"Bearer {KEY}", "herons")
        assert "mine/think" in str(models.result("fetch_models"))
        assert ask(models, token, model="mine/talk").status_code == 404, "it is nobody else's"
        assert "mine" not in str(models.result("fetch_providers", token=token))
        self._stays_secret(models)
        answer = models.result(
            "run_toolchain",
            {"toolchain_id": "chat", "input": {"question": "Hello?", "model": "mine/talk"}, "wait": True},
        )
        assert "Hello?" in str(answer["output"]), answer
        models.result("delete_provider", {"name": "mine"})
        eventually(models, models.token, 404, model="mine/talk")

    @staticmethod
    def _stays_secret(models: Platform) -> None:
        for function in ("fetch_providers", "fetch_models"):
            assert KEY not in models.call(function).text
        stored = [path for path in (models.home / "postgres").rglob("*") if path.is_file()]
        assert not [path for path in stored if KEY.encode() in _bytes(path)], "the database holds the key in the clear"

    def test_for_another_address_the_key_is_asked_again(self, models: Platform, scripted: Scripted) -> None:
        models.result("set_provider", {"name": "moving", "base_url": scripted.url, "api_key": KEY})
        kept = models.result("set_provider", {"name": "moving", "base_url": scripted.url + "/"})
        assert kept["preview"].startswith("sk-scr")
        moved = models.result("set_provider", {"name": "moving", "base_url": scripted.url.replace("/v1", "/v2")})
        assert moved["preview"] == "", "whoever may change the address could read the key there"
        models.result("delete_provider", {"name": "moving"})

    def test_its_prices_are_told_with_its_models(self, models: Platform, scripted: Scripted) -> None:
        price = {"input": 0.5, "output": 2, "currency": "EUR"}
        provider = {"name": "priced", "base_url": scripted.url, "api_key": KEY}
        models.result("set_provider", provider | {"prices": {"talk": price}})
        told = {model["id"]: model["price"] for model in models.result("fetch_models")["models"]}
        assert (told["priced/talk"], told["priced/think"]) == (price, None)
        assert models.result("set_provider", provider)["prices"] == {"talk": price}
        for wrong in ({"input": -1}, {"currency": "euro"}, {"other": 1}):
            answer = models.call("set_provider", provider | {"prices": {"talk": price | wrong}})
            assert answer.status_code == 422
            assert answer.json()["error"]["field"].startswith("prices.talk")
        models.result("delete_provider", {"name": "priced"})

    def test_for_everybody(self, models: Platform, scripted: Scripted, token: str) -> None:
        provider = {"name": "ours", "base_url": scripted.url, "api_key": KEY, "shared": True}
        assert models.call("set_provider", provider, token=token).status_code == 403
        models.result("set_provider", provider)
        eventually(models, token, 200, model="ours/talk")
        assert models.call("delete_provider", {"name": "ours", "shared": True}, token=token).status_code == 403
        assert models.call("delete_provider", {"name": "ours"}, token=token).status_code == 404
        models.result("delete_provider", {"name": "ours", "shared": True})

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:9/v1", "http://localhost:9/v1", "http://10.0.0.1/v1", "http://[::1]/v1",
            "http://169.254.169.254/latest", "http://2130706433/", "https://example.com:25/v1",
        ],
    )  # fmt: skip
    def test_users_reach_nothing_in_this_network(self, models: Platform, token: str, url: str) -> None:
        provider = {"name": "inside", "base_url": url, "api_key": "k"}
        answer = models.call("set_provider", provider, token=token)
        if answer.status_code == 200:  # a name: it is refused where it becomes an address
            asked = eventually(models, token, 403, model="inside/x")
            assert asked.json()["error"]["type"] == "permission_error"
        else:
            assert answer.status_code == 403, answer.text
            assert answer.json()["error"]["field"] == "base_url"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "openai"), ("name", "toolchain"), ("name", "A b"), ("base_url", "ftp://x"), ("base_url", "x"),
            ("base_url", "http://u:p@x/"), ("api_key", "a\nb"), ("headers", {"host": "x"}),
            ("headers", {"x": "a\r\nb: c"}), ("headers", {"a b": "c"}), ("base_url", "http://x/?a=1"),
        ],
    )  # fmt: skip
    def test_providers_that_cannot_be(self, models: Platform, field: str, value: Any) -> None:
        provider = {"name": "fine", "base_url": "https://example.com/v1", "api_key": "k", field: value}
        answer = models.call("set_provider", provider)
        assert answer.status_code == 422
        assert answer.json()["error"]["field"].startswith(field)


def _bytes(path: Path) -> bytes:
    """A file's bytes; none of one that has just gone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
