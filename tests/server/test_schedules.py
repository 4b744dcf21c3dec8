"""Schedules, from outside: what is kept, what is refused, and what is run when its time has come."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from db import EmbeddedPostgres
from tests.platform import Platform
from tests.server.triggers import ended
from tests.server.waiting import at_once, until

DAILY: dict[str, Any] = {"toolchain_id": "wordy", "cron": "0 8 * * *", "input": {"word": "hi"}}


def make(platform: Platform, token: str, **more: Any) -> dict[str, Any]:
    return platform.result("create_schedule", DAILY | more, token=token)


def test_what_is_kept(platform: Platform, user: str) -> None:
    made = make(platform, user, time_zone="Asia/Kolkata", title="Mornings")
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
def test_what_is_refused(platform: Platform, user: str, given: dict[str, Any], status: int, field: str) -> None:
    refused = platform.call("create_schedule", DAILY | given, token=user)
    assert (refused.status_code, refused.json()["error"]["field"]) == (status, field), refused.text
    assert platform.result("fetch_schedules", token=user)["schedules"] == []


def test_changes(platform: Platform, user: str) -> None:
    made = make(platform, user)
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


def test_the_most_there_can_be(platform: Platform, user: str) -> None:
    answers = at_once(lambda _: platform.call("create_schedule", DAILY, token=user).status_code, 10)
    for _ in range(12):
        if 409 in answers:
            break
        answers += at_once(lambda _: platform.call("create_schedule", DAILY, token=user).status_code, 10)
    assert len(platform.result("fetch_schedules", token=user)["schedules"]) == 100
    assert answers.count(200) == 100
    assert set(answers) == {200, 409}


def test_they_go_with_their_toolchain(platform: Platform, user: str) -> None:
    make(platform, user)
    platform.result("create_webhook", {"toolchain_id": "wordy"}, token=user)
    kept = make(platform, user, toolchain_id="chat", input={"question": "x"})
    platform.result("delete_toolchain", {"toolchain_id": "wordy"}, token=user)
    assert platform.result("fetch_schedules", token=user)["schedules"] == [kept]
    assert platform.result("fetch_webhooks", token=user)["webhooks"] == []


def test_scopes(platform: Platform, user: str) -> None:
    reading = platform.new_key("runs:read", token=user)
    assert platform.call("create_schedule", DAILY, token=reading).status_code == 403
    assert platform.call("fetch_schedules", token=reading).status_code == 200
    assert platform.call("create_webhook", {"toolchain_id": "wordy"}, token=reading).status_code == 403
    assert platform.call("fetch_webhooks", token=reading).status_code == 200


async def test_a_due_one_is_run_by_the_worker(platform: Platform, user: str) -> None:
    made = make(platform, user, cron="*/5 * * * *")
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
