"""Models from outside: added and taken away, watched, counted."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

from inference.server.viewers import MOST_OF_ONE
from tests.platform import Platform
from tests.server.streams import read_events
from tests.server.waiting import until
from tests.tiny_models import write_embedder


def _model(platform: Platform, model: str) -> dict[str, Any]:
    (found,) = [one for one in platform.result("fetch_models")["models"] if one["id"] == model]
    return found


def test_a_model_is_added_used_changed_and_taken_away(platform: Platform) -> None:
    write_embedder(platform.home / "models" / "tiny")
    entry = {"id": "added", "kind": "embedding", "engine": "onnx", "source": "models/tiny"}
    assert platform.result("add_model", entry)["state"] == "off"
    assert platform.call("add_model", entry).status_code == 409
    answer = platform.http.post(
        f"{platform.url}/v1/embeddings",
        json={"model": "added", "input": "a pump"},
        headers={"Authorization": f"Bearer {platform.key}"},
    )
    assert len(answer.json()["data"][0]["embedding"]) == 48
    found = _model(platform, "added")
    assert (found["state"], found["added"], found["leases"][0]["holder"]) == ("ready", True, "server")
    assert found["memory_mb"] > 0
    assert platform.result("modify_model", {"model": "added", "ttl_seconds": 900})["ttl_seconds"] == 900
    assert platform.result("modify_model", {"model": "added", "pin": False})["ttl_seconds"] == 900
    assert platform.result("modify_model", {"model": "added", "ttl_seconds": None})["ttl_seconds"] is None
    for field in ("pin", "priority"):
        refused = platform.call("modify_model", {"model": "added", field: None})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)
    assert "starting added" in platform.result("fetch_model_logs", {"model": "added"})["lines"][0]
    assert platform.result("remove_model", {"model": "added"}) == {"model": "added"}
    assert platform.call("load_model", {"model": "added"}).status_code == 404


def test_a_faulty_entry_is_refused_with_all_that_is_wrong(platform: Platform) -> None:
    entry = {"id": "x", "kind": "chat", "engine": "remote", "source": "y", "dtype": "int8", "engine_args": {"a": 1}}
    refused = platform.call("add_model", entry)
    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.json()["error"]["faults"]] == ["dtype", "engine_args.a"]
    assert platform.call("add_model", entry | {"colour": "red"}).json()["error"]["field"] == "colour"
    assert platform.call("remove_model", {"model": "extractive"}).status_code == 409
    assert platform.call("remove_model", {"model": "nothing"}).status_code == 404


def test_who_watches_sees_a_model_come_and_go(platform: Platform, someone: str) -> None:
    platform.result("unload_model", {"model": "extractive"})
    headers = {"Authorization": f"Bearer {someone}"}
    with platform.http.stream("GET", f"{platform.url}/api/models/events", headers=headers, timeout=60) as response:
        events = read_events(response)
        assert [event.name for event in itertools.islice(events, 2)] == ["models", "memory"]
        platform.result("load_model", {"model": "extractive"})
        for event in events:
            told = event.data["model"]
            if told and (told["id"], told["state"]) == ("extractive", "ready"):
                break
    assert platform.http.get(f"{platform.url}/api/models/events").status_code == 401


def test_a_user_watches_so_many_times_and_another_still_can(platform: Platform, someone: str) -> None:
    url, headers = f"{platform.url}/api/models/events", {"Authorization": f"Bearer {someone}"}
    with contextlib.ExitStack() as opened:
        for _ in range(MOST_OF_ONE):
            stream = opened.enter_context(platform.http.stream("GET", url, headers=headers))
            assert stream.status_code == 200
        refused = platform.http.get(url, headers=headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
        assert "close one" in refused.json()["error"]["message"]
        with platform.http.stream("GET", url, headers={"Authorization": f"Bearer {platform.token}"}) as other:
            assert other.status_code == 200

    def again() -> bool:
        with platform.http.stream("GET", url, headers=headers) as stream:
            return stream.status_code == 200

    assert until(again)


def test_memory_and_metrics_tell_of_models(platform: Platform) -> None:
    platform.result("load_model", {"model": "extractive"})
    memory = platform.result("fetch_memory")
    (cpu,) = [device for device in memory["devices"] if device["id"] == "cpu"]
    assert "extractive" in [share["model"] for share in cpu["models"]]
    assert 0 < cpu["models_mb"] < cpu["budget_mb"]
    assert memory["history"]
    metrics = platform.http.get(f"{platform.url}/metrics").text
    assert 'penstock_model_load_seconds_count{model="extractive"}' in metrics
    assert 'penstock_model_bytes{model="extractive",device="cpu"}' in metrics
    assert "penstock_http_requests_total" in metrics
