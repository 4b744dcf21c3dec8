"""Webhooks, from outside: who may call them, with what, and the runs that they start."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.platform import Platform
from tests.server.triggers import WORDY, ended
from tests.server.waiting import at_once


@pytest.fixture
def hook(platform: Platform, user: str) -> dict[str, Any]:
    return platform.result("create_webhook", {"toolchain_id": "wordy", "title": "From outside"}, token=user)


def post(
    platform: Platform,
    hook: dict[str, Any],
    content: bytes | Iterator[bytes],
    secret: str | None = None,
    **more: str,
) -> httpx.Response:
    bearer = hook["secret"] if secret is None else secret
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"} | more
    return platform.http.post(platform.url + hook["url"], content=content, headers=headers)


def test_a_call_starts_a_run(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    assert hook["secret"].startswith("whsec_")
    answer = post(platform, hook, b'{"word": "hello"}')
    assert answer.status_code == 202, answer.text
    run = ended(platform, answer.json()["result"]["run_id"], user)
    assert (run["status"], run["output"]) == ("completed", {"word": "hello", "times": 2})
    (listed,) = platform.result("fetch_webhooks", token=user)["webhooks"]
    assert (listed["webhook_id"], listed["url"], listed["title"]) == (
        hook["webhook_id"],
        hook["url"],
        "From outside",
    )
    assert listed["last_run_id"] == run["run_id"]
    assert listed["last_at"]
    assert hook["secret"] not in str(listed), "shown once"


@pytest.mark.parametrize("body", [b"[1, 2]", b'"text"', b"null", b"5", b'{"any": {"thing": 1}}', b'{"body": 1}', b""])
def test_a_body_that_the_input_takes_as_a_whole(platform: Platform, user: str, body: bytes) -> None:
    hook = platform.result("create_webhook", {"toolchain_id": "wrapped"}, token=user)
    answer = post(platform, hook, body)
    assert answer.status_code == 202, answer.text
    given: Any = json.loads(body or b"{}")
    expected: Any = given if body.startswith(b'{"body"') else {"body": given}
    assert ended(platform, answer.json()["result"]["run_id"], user)["output"] == expected


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"word": 5}', 422),
        (b"{}", 422),
        (b'{"word": "x", "more": 1}', 422),
        (b"[1]", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"word": "a\\u0000b"}', 422),
        (b'"\\u0000"', 422),
        (b"[" * 500 + b"]" * 500, 400),
        (b"NaN", 400),
    ],
    ids=str,
)
def test_what_is_refused(platform: Platform, user: str, hook: dict[str, Any], body: bytes, status: int) -> None:
    refused = post(platform, hook, body)
    assert refused.status_code == status, refused.text
    assert refused.json()["success"] is False
    assert platform.result("fetch_runs", token=user)["runs"] == []


def test_a_large_body(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    large = b'{"word": "' + b"x" * (17 * 1024 * 1024) + b'"}'
    assert post(platform, hook, large).status_code == 413
    assert post(platform, hook, iter([large])).status_code == 413
    assert post(platform, hook, large, secret="whsec_wrong").status_code == 404, "strangers are not listened to"


def test_nobody_learns_which_was_wrong(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    other = platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
    nowhere = {"url": f"/api/hooks/{uuid.uuid4()}", "secret": hook["secret"]}
    odd = [{"url": f"/api/hooks/{text}", "secret": hook["secret"]} for text in ("x", "1", "%00", "a" * 500, "%2e%2e")]
    answers = [
        post(platform, hook, b"{}", secret="whsec_wrong"),
        post(platform, hook, b"{}", Authorization="Bearer"),
        post(platform, hook, b"{}", secret=other["secret"]),
        post(platform, hook, b"{}", secret=user),
        post(platform, hook, b"{}", Authorization=f"Basic {hook['secret']}"),
        *(post(platform, target, b"{}") for target in (nowhere, *odd)),
        platform.http.post(platform.url + hook["url"], json={"word": "x"}),
        platform.http.post(f"{platform.url}{hook['url']}?secret={hook['secret']}", json={"word": "x"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    messages = {answer.json()["error"]["message"] for answer in answers}
    assert len(messages) == 1, messages
    assert platform.result("fetch_runs", token=user)["runs"] == []


def test_the_secret_opens_no_other_door(platform: Platform, hook: dict[str, Any]) -> None:
    assert platform.call("fetch_runs", token=hook["secret"]).status_code == 401


def test_calls_with_one_key_start_one_run(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    def call(_: int) -> str:
        answer = post(platform, hook, b'{"word": "once"}', **{"Idempotency-Key": "delivery 1"})
        assert answer.status_code == 202, answer.text
        return answer.json()["result"]["run_id"]

    assert len(set(at_once(call, 6))) == 1
    assert len(platform.result("fetch_runs", token=user)["runs"]) == 1
    other = post(platform, hook, b'{"word": "twice"}', **{"Idempotency-Key": "delivery 1"})
    assert (other.status_code, other.json()["error"]["field"]) == (409, "Idempotency-Key")
    assert post(platform, hook, b'{"word": "x"}', **{"Idempotency-Key": "k" * 201}).status_code == 422
    beside = platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
    again = post(platform, beside, b'{"word": "twice"}', **{"Idempotency-Key": "delivery 1"})
    assert again.status_code == 202, "each webhook has keys of its own"


def test_what_came_of_its_last_calls(platform: Platform, user: str, stranger: str, hook: dict[str, Any]) -> None:
    begun = post(platform, hook, b'{"word": "x"}').json()["result"]["run_id"]
    ended(platform, begun, user)
    assert post(platform, hook, b'{"word": 5}').status_code == 422
    asked = {"webhook_id": hook["webhook_id"]}
    refused, started = platform.result("fetch_deliveries", asked, token=user)["deliveries"]
    assert (started["run_id"], started["status"], started["error"]) == (begun, "completed", None)
    assert (refused["run_id"], refused["status"], refused["error"]["type"]) == (None, None, "InvalidInput")
    assert "input.word" in refused["error"]["message"]
    (listed,) = platform.result("fetch_webhooks", token=user)["webhooks"]
    assert listed["last_run_id"] == begun
    assert platform.result("fetch_deliveries", asked, token=stranger)["deliveries"] == []
    assert post(platform, hook, b'{"word": 5}', secret="whsec_wrong").status_code == 404
    assert len(platform.result("fetch_deliveries", asked, token=user)["deliveries"]) == 2, "strangers leave nothing"


@pytest.mark.parametrize("asked", [{}, {"schedule_id": "both", "webhook_id": "both"}])
def test_deliveries_are_those_of_one(platform: Platform, user: str, asked: dict[str, str]) -> None:
    given = {name: str(uuid.uuid4()) for name in asked}
    refused = platform.call("fetch_deliveries", given, token=user)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "schedule_id")


def test_a_deleted_one_is_gone_at_once(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    platform.result("delete_webhook", {"webhook_id": hook["webhook_id"]}, token=user)
    assert post(platform, hook, b'{"word": "x"}').status_code == 404
    assert platform.call("delete_webhook", {"webhook_id": hook["webhook_id"]}, token=user).status_code == 404


def test_pages_of_other_sites_may_not_call(platform: Platform, hook: dict[str, Any]) -> None:
    refused = post(platform, hook, b'{"word": "x"}', Origin="https://evil.example")
    assert refused.status_code == 403


def test_other_methods(platform: Platform, hook: dict[str, Any]) -> None:
    assert platform.http.get(platform.url + hook["url"]).status_code == 404
    assert platform.http.post(f"{platform.url}/api/hooks").status_code == 404
    assert platform.http.post(f"{platform.url}/api/hooks/").status_code == 404


def test_its_runs_may_do_no_more_than_its_maker(platform: Platform, user: str) -> None:
    listing = WORDY | {
        "id": "listing",
        "input": {"type": "object"},
        "nodes": [{"id": "only", "kind": "function", "function": "fetch_api_keys"}],
        "output": {},
    }
    platform.result("save_toolchain", {"toolchain": listing}, token=user)
    outcomes: list[str] = []
    for maker in (user, platform.new_key("runs:write", token=user)):
        hook = platform.result("create_webhook", {"toolchain_id": "listing"}, token=maker)
        answer = post(platform, hook, b"{}")
        run = ended(platform, answer.json()["result"]["run_id"], user)
        outcomes.append(run["status"] if run["error"] is None else run["error"]["type"])
    assert outcomes == ["completed", "NotAllowed"]


def test_the_published_version_is_run(platform: Platform, user: str, hook: dict[str, Any]) -> None:
    platform.result("publish_toolchain", {"toolchain_id": "wordy"}, token=user)
    other = WORDY | {"input": {"type": "object", "properties": {"word": {"type": "integer"}, "times": {"default": 1}}}}
    platform.result("save_toolchain", {"toolchain": other}, token=user)
    run = ended(platform, post(platform, hook, b'{"word": "x"}').json()["result"]["run_id"], user)
    assert (run["toolchain_version"], run["status"]) == (1, "completed")


def test_the_most_there_can_be(platform: Platform, user: str) -> None:
    answers: list[int] = []
    while 409 not in answers and len(answers) < 130:
        answers += at_once(
            lambda _: platform.call("create_webhook", {"toolchain_id": "wordy"}, token=user).status_code, 10
        )
    assert answers.count(200) == 100
    assert len(platform.result("fetch_webhooks", token=user)["webhooks"]) == 100


def test_it_is_in_the_description(platform: Platform) -> None:
    paths = platform.http.get(f"{platform.url}/openapi.json").json()["paths"]
    assert "/api/hooks/{webhook_id}" in paths
