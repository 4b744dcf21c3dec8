"""What starts runs by itself: schedules and webhooks, from outside."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from db import EmbeddedPostgres
from tests.platform import Platform
from tests.server.waiting import at_once, until

WORDY: dict[str, Any] = {
    "id": "wordy",
    "title": "Wordy",
    "input": {
        "type": "object",
        "additionalProperties": False,
        "required": ["word"],
        "properties": {"word": {"type": "string", "maxLength": 20}, "times": {"type": "integer", "default": 2}},
    },
    "nodes": [{"id": "only", "kind": "emit", "event": "state", "data": {"ref": "input.word"}}],
    "edges": [{"from": "start", "to": "only"}, {"from": "only", "to": "end"}],
    "output": {"word": {"ref": "input.word"}, "times": {"ref": "input.times"}},
}
WRAPPED: dict[str, Any] = WORDY | {
    "id": "wrapped",
    "input": {"type": "object", "required": ["body"], "properties": {"body": {}}, "additionalProperties": False},
    "nodes": [{"id": "only", "kind": "emit", "event": "state", "data": {"ref": "input.body"}}],
    "output": {"body": {"ref": "input.body"}},
}
DAILY: dict[str, Any] = {"toolchain_id": "wordy", "cron": "0 8 * * *", "input": {"word": "hi"}}


@pytest.fixture
def user(platform: Platform, someone: str) -> str:
    """The token of a user who has both toolchains and nothing else."""
    for definition in (WORDY, WRAPPED):
        platform.result("save_toolchain", {"toolchain": definition}, token=someone)
    return someone


def key_with(platform: Platform, token: str, *scopes: str) -> str:
    return platform.result("create_api_key", {"title": "t", "scopes": list(scopes)}, token=token)["api_key"]


def ended(platform: Platform, run: str, token: str) -> dict[str, Any]:
    """The run when it has ended."""

    def look() -> dict[str, Any] | None:
        found = platform.result("fetch_run", {"run_id": run}, token=token)
        return found if found["status"] not in ("queued", "running", "waiting") else None

    found = until(look, 30)
    assert found
    return found


class TestSchedules:
    def make(self, platform: Platform, token: str, **more: Any) -> dict[str, Any]:
        return platform.result("create_schedule", DAILY | more, token=token)

    def test_what_is_kept(self, platform: Platform, user: str) -> None:
        made = self.make(platform, user, time_zone="Asia/Kolkata", title="Mornings")
        assert (made["cron"], made["time_zone"], made["title"]) == ("0 8 * * *", "Asia/Kolkata", "Mornings")
        assert made["input"] == {"word": "hi"}, "as it was given: defaults are those of the day"
        assert made["enabled"] is True
        assert (made["last_at"], made["last_run_id"], made["last_error"]) == (None, None, None)
        assert datetime.fromisoformat(made["next_at"]).astimezone(UTC).strftime("%H:%M") == "02:30"
        assert platform.result("fetch_schedules", token=user)["schedules"] == [made]
        assert platform.result("fetch_schedules", {"toolchain_id": "wrapped"}, token=user)["schedules"] == []

    @pytest.mark.parametrize(
        ("given", "status", "field"),
        [
            ({"cron": "x"}, 422, "cron"),
            ({"cron": "* * * * * *"}, 422, "cron"),
            ({"cron": "0 0 30 2 *"}, 422, "cron"),
            ({"cron": "0" * 300}, 422, "cron"),
            ({"time_zone": "Mars/Olympus"}, 422, "time_zone"),
            ({"time_zone": "../../etc/passwd"}, 422, "time_zone"),
            ({"input": {}}, 422, "input"),
            ({"input": {"word": 5}}, 422, "input.word"),
            ({"toolchain_id": "no-such"}, 404, "toolchain_id"),
            ({"title": "x" * 201}, 422, "title"),
            ({"every": 5}, 422, "every"),
        ],
        ids=str,
    )
    def test_what_is_refused(
        self, platform: Platform, user: str, given: dict[str, Any], status: int, field: str
    ) -> None:
        refused = platform.call("create_schedule", DAILY | given, token=user)
        assert (refused.status_code, refused.json()["error"]["field"]) == (status, field), refused.text
        assert platform.result("fetch_schedules", token=user)["schedules"] == []

    def test_changes(self, platform: Platform, user: str) -> None:
        made = self.make(platform, user)
        uid = {"schedule_id": made["schedule_id"]}
        off = platform.result("modify_schedule", uid | {"enabled": False}, token=user)
        assert (off["enabled"], off["next_at"]) == (False, None)
        other = platform.result("modify_schedule", uid | {"cron": "30 9 * * *", "title": ""}, token=user)
        assert (other["cron"], other["next_at"]) == ("30 9 * * *", None), "it stays off"
        on = platform.result("modify_schedule", uid | {"enabled": True, "input": {"word": "ho"}}, token=user)
        assert on["next_at"].partition("T")[2].startswith("09:30")
        assert on["input"] == {"word": "ho"}
        assert platform.result("fetch_schedules", token=user)["schedules"] == [on]
        assert platform.call("modify_schedule", uid | {"input": {"word": 1}}, token=user).status_code == 422
        assert platform.call("modify_schedule", uid | {"cron": "never"}, token=user).status_code == 422
        assert platform.result("fetch_schedules", token=user)["schedules"] == [on]
        platform.result("delete_schedule", uid, token=user)
        assert platform.call("delete_schedule", uid, token=user).status_code == 404
        assert platform.call("modify_schedule", uid | {"enabled": False}, token=user).status_code == 404

    def test_the_most_there_can_be(self, platform: Platform, user: str) -> None:
        answers = at_once(lambda _: platform.call("create_schedule", DAILY, token=user).status_code, 10)
        for _ in range(12):
            if 409 in answers:
                break
            answers += at_once(lambda _: platform.call("create_schedule", DAILY, token=user).status_code, 10)
        assert len(platform.result("fetch_schedules", token=user)["schedules"]) == 100
        assert answers.count(200) == 100
        assert set(answers) == {200, 409}

    def test_they_go_with_their_toolchain(self, platform: Platform, user: str) -> None:
        self.make(platform, user)
        platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
        kept = self.make(platform, user, toolchain_id="chat", input={"question": "x"})
        platform.result("delete_toolchain", {"toolchain_id": "wordy"}, token=user)
        assert platform.result("fetch_schedules", token=user)["schedules"] == [kept]
        assert platform.result("fetch_webhooks", token=user)["webhooks"] == []

    def test_scopes(self, platform: Platform, user: str) -> None:
        reading = key_with(platform, user, "runs:read")
        assert platform.call("create_schedule", DAILY, token=reading).status_code == 403
        assert platform.call("fetch_schedules", token=reading).status_code == 200
        assert platform.call("create_webhook", {"toolchain_id": "wordy"}, token=reading).status_code == 403
        assert platform.call("fetch_webhooks", token=reading).status_code == 200

    async def test_a_due_one_is_run_by_the_worker(self, platform: Platform, user: str) -> None:
        made = self.make(platform, user, cron="*/5 * * * *")
        # Its time has come, and with it that of three hours in which nothing ran here.
        connection = await asyncpg.connect(EmbeddedPostgres(platform.home).url)
        overdue = "UPDATE schedules SET next_at = next_at - interval '3 hours' WHERE uid = $1"
        await connection.execute(overdue, uuid.UUID(made["schedule_id"]))
        await connection.close()

        def look() -> dict[str, Any]:
            return platform.result("fetch_schedules", token=user)["schedules"][0]

        begun = until(lambda: look()["last_run_id"], 20)
        run = ended(platform, begun, user)
        assert (run["status"], run["output"]) == ("completed", {"word": "hi", "times": 2})
        assert look()["last_error"] is None
        assert datetime.fromisoformat(look()["next_at"]) >= datetime.fromisoformat(made["next_at"])
        assert len(platform.result("fetch_runs", token=user)["runs"]) == 1, "missed times are made up once"
        platform.result("delete_schedule", {"schedule_id": made["schedule_id"]}, token=user)


class TestWebhooks:
    @pytest.fixture
    def hook(self, platform: Platform, user: str) -> dict[str, Any]:
        return platform.result("create_webhook", {"toolchain_id": "wordy", "title": "From outside"}, token=user)

    def post(
        self,
        platform: Platform,
        hook: dict[str, Any],
        content: bytes | Iterator[bytes],
        secret: str | None = None,
        **more: str,
    ) -> httpx.Response:
        bearer = hook["secret"] if secret is None else secret
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"} | more
        return platform.http.post(platform.url + hook["url"], content=content, headers=headers)

    def test_a_call_starts_a_run(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        assert hook["secret"].startswith("whsec_")
        answer = self.post(platform, hook, b'{"word": "hello"}')
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

    @pytest.mark.parametrize(
        "body", [b"[1, 2]", b'"text"', b"null", b"5", b'{"any": {"thing": 1}}', b'{"body": 1}', b""]
    )
    def test_a_body_that_the_input_takes_as_a_whole(self, platform: Platform, user: str, body: bytes) -> None:
        hook = platform.result("create_webhook", {"toolchain_id": "wrapped"}, token=user)
        answer = self.post(platform, hook, body)
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
    def test_what_is_refused(
        self, platform: Platform, user: str, hook: dict[str, Any], body: bytes, status: int
    ) -> None:
        refused = self.post(platform, hook, body)
        assert refused.status_code == status, refused.text
        assert refused.json()["success"] is False
        assert platform.result("fetch_runs", token=user)["runs"] == []

    def test_a_large_body(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        large = b'{"word": "' + b"x" * (17 * 1024 * 1024) + b'"}'
        assert self.post(platform, hook, large).status_code == 413
        assert self.post(platform, hook, iter([large])).status_code == 413
        assert self.post(platform, hook, large, secret="whsec_wrong").status_code == 404, (
            "strangers are not listened to"
        )

    def test_nobody_learns_which_was_wrong(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        other = platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
        nowhere = {"url": f"/api/hooks/{uuid.uuid4()}", "secret": hook["secret"]}
        odd = [
            {"url": f"/api/hooks/{text}", "secret": hook["secret"]} for text in ("x", "1", "%00", "a" * 500, "%2e%2e")
        ]
        answers = [
            self.post(platform, hook, b"{}", secret="whsec_wrong"),
            self.post(platform, hook, b"{}", Authorization="Bearer"),
            self.post(platform, hook, b"{}", secret=other["secret"]),
            self.post(platform, hook, b"{}", secret=user),
            self.post(platform, hook, b"{}", Authorization=f"Basic {hook['secret']}"),
            *(self.post(platform, target, b"{}") for target in (nowhere, *odd)),
            platform.http.post(platform.url + hook["url"], json={"word": "x"}),
            platform.http.post(f"{platform.url}{hook['url']}?secret={hook['secret']}", json={"word": "x"}),
        ]
        assert {answer.status_code for answer in answers} == {404}
        messages = {answer.json()["error"]["message"] for answer in answers}
        assert len(messages) == 1, messages
        assert platform.result("fetch_runs", token=user)["runs"] == []

    def test_the_secret_opens_no_other_door(self, platform: Platform, hook: dict[str, Any]) -> None:
        assert platform.call("fetch_runs", token=hook["secret"]).status_code == 401

    def test_calls_with_one_key_start_one_run(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        def call(_: int) -> str:
            answer = self.post(platform, hook, b'{"word": "once"}', **{"Idempotency-Key": "delivery 1"})
            assert answer.status_code == 202, answer.text
            return answer.json()["result"]["run_id"]

        assert len(set(at_once(call, 6))) == 1
        assert len(platform.result("fetch_runs", token=user)["runs"]) == 1
        other = self.post(platform, hook, b'{"word": "twice"}', **{"Idempotency-Key": "delivery 1"})
        assert (other.status_code, other.json()["error"]["field"]) == (409, "Idempotency-Key")
        assert self.post(platform, hook, b'{"word": "x"}', **{"Idempotency-Key": "k" * 201}).status_code == 422
        beside = platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
        again = self.post(platform, beside, b'{"word": "twice"}', **{"Idempotency-Key": "delivery 1"})
        assert again.status_code == 202, "each webhook has keys of its own"

    def test_what_came_of_its_last_calls(
        self, platform: Platform, user: str, stranger: str, hook: dict[str, Any]
    ) -> None:
        begun = self.post(platform, hook, b'{"word": "x"}').json()["result"]["run_id"]
        ended(platform, begun, user)
        assert self.post(platform, hook, b'{"word": 5}').status_code == 422
        asked = {"webhook_id": hook["webhook_id"]}
        refused, started = platform.result("fetch_deliveries", asked, token=user)["deliveries"]
        assert (started["run_id"], started["status"], started["error"]) == (begun, "completed", None)
        assert (refused["run_id"], refused["status"], refused["error"]["type"]) == (None, None, "InvalidInput")
        assert "input.word" in refused["error"]["message"]
        (listed,) = platform.result("fetch_webhooks", token=user)["webhooks"]
        assert listed["last_run_id"] == begun
        assert platform.result("fetch_deliveries", asked, token=stranger)["deliveries"] == []
        assert self.post(platform, hook, b'{"word": 5}', secret="whsec_wrong").status_code == 404
        assert len(platform.result("fetch_deliveries", asked, token=user)["deliveries"]) == 2, "strangers leave nothing"

    @pytest.mark.parametrize("asked", [{}, {"schedule_id": "both", "webhook_id": "both"}])
    def test_deliveries_are_those_of_one(self, platform: Platform, user: str, asked: dict[str, str]) -> None:
        given = {name: str(uuid.uuid4()) for name in asked}
        refused = platform.call("fetch_deliveries", given, token=user)
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "schedule_id")

    def test_a_deleted_one_is_gone_at_once(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        platform.result("delete_webhook", {"webhook_id": hook["webhook_id"]}, token=user)
        assert self.post(platform, hook, b'{"word": "x"}').status_code == 404
        assert platform.call("delete_webhook", {"webhook_id": hook["webhook_id"]}, token=user).status_code == 404

    def test_pages_of_other_sites_may_not_call(self, platform: Platform, hook: dict[str, Any]) -> None:
        refused = self.post(platform, hook, b'{"word": "x"}', Origin="https://evil.example")
        assert refused.status_code == 403

    def test_other_methods(self, platform: Platform, hook: dict[str, Any]) -> None:
        assert platform.http.get(platform.url + hook["url"]).status_code == 404
        assert platform.http.post(f"{platform.url}/api/hooks").status_code == 404
        assert platform.http.post(f"{platform.url}/api/hooks/").status_code == 404

    def test_its_runs_may_do_no_more_than_its_maker(self, platform: Platform, user: str) -> None:
        listing = WORDY | {
            "id": "listing",
            "input": {"type": "object"},
            "nodes": [{"id": "only", "kind": "function", "function": "fetch_api_keys"}],
            "output": {},
        }
        platform.result("save_toolchain", {"toolchain": listing}, token=user)
        outcomes: list[str] = []
        for maker in (user, key_with(platform, user, "runs:write")):
            hook = platform.result("create_webhook", {"toolchain_id": "listing"}, token=maker)
            answer = self.post(platform, hook, b"{}")
            run = ended(platform, answer.json()["result"]["run_id"], user)
            outcomes.append(run["status"] if run["error"] is None else run["error"]["type"])
        assert outcomes == ["completed", "NotAllowed"]

    def test_the_published_version_is_run(self, platform: Platform, user: str, hook: dict[str, Any]) -> None:
        platform.result("publish_toolchain", {"toolchain_id": "wordy"}, token=user)
        other = WORDY | {
            "input": {"type": "object", "properties": {"word": {"type": "integer"}, "times": {"default": 1}}}
        }
        platform.result("save_toolchain", {"toolchain": other}, token=user)
        run = ended(platform, self.post(platform, hook, b'{"word": "x"}').json()["result"]["run_id"], user)
        assert (run["toolchain_version"], run["status"]) == (1, "completed")

    def test_the_most_there_can_be(self, platform: Platform, user: str) -> None:
        answers: list[int] = []
        while 409 not in answers and len(answers) < 130:
            answers += at_once(
                lambda _: platform.call("create_webhook", {"toolchain_id": "wordy"}, token=user).status_code, 10
            )
        assert answers.count(200) == 100
        assert len(platform.result("fetch_webhooks", token=user)["webhooks"]) == 100

    def test_it_is_in_the_description(self, platform: Platform) -> None:
        paths = platform.http.get(f"{platform.url}/openapi.json").json()["paths"]
        assert "/api/hooks/{webhook_id}" in paths
