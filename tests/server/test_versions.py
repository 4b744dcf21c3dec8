"""Versions over /api and /v1: drafts, what is published, pins, differences and the way back."""

from __future__ import annotations

from typing import Any

import openai
import pytest

from tests.platform import Platform
from tests.server.waiting import at_once

FIRST: dict[str, Any] = {
    "id": "said",
    "title": "One",
    "input": {"type": "object", "required": ["question"], "properties": {"question": {"type": "string"}}},
    "state": {"answer": {"type": "string"}},
    "nodes": [
        {
            "id": "say",
            "kind": "function",
            "function": "isolate_question",
            "input": {"question": {"template": "one {{ input.question }}"}},
            "write": {"answer": {"ref": "result.question"}},
        }
    ],
    "edges": [{"from": "start", "to": "say"}, {"from": "say", "to": "end"}],
    "output": {"answer": {"ref": "state.answer"}},
    "stream": "answer",
}


def version(number: str, name: str) -> dict[str, Any]:
    """A toolchain that says its number."""
    node = FIRST["nodes"][0] | {"input": {"question": {"template": f"{number} {{{{ input.question }}}}"}}}
    return FIRST | {"id": name, "title": number.title(), "nodes": [node]}


def saved(platform: Platform, name: str, *numbers: str, token: str | None = None) -> str:
    for number in numbers:
        platform.result("save_toolchain", {"toolchain": version(number, name)}, token=token)
    return name


def said(platform: Platform, name: str, **more: Any) -> str:
    body = {"toolchain_id": name, "input": {"question": "x"}, "wait": True} | more
    result = platform.result("run_toolchain", body)
    assert result["status"] == "completed", result
    return result["output"]["answer"]


def listed(platform: Platform, name: str) -> dict[str, Any]:
    told = platform.result("get_available_toolchains")["toolchains"]
    return next(entry for entry in told if entry["id"] == name)


class TestPublishing:
    def test_without_one_the_latest_is_run(self, platform: Platform) -> None:
        name = saved(platform, "unpublished", "one", "two")
        assert said(platform, name) == "two x"
        assert listed(platform, name)["published_version"] is None

    def test_the_published_one_is_run_and_saves_are_drafts(self, platform: Platform) -> None:
        name = saved(platform, "published", "one")
        assert platform.result("publish_toolchain", {"toolchain_id": name}) == {"id": name, "version": 1}
        saved(platform, name, "two")
        assert said(platform, name) == "one x"
        assert said(platform, name, version=2) == "two x"
        fetched = platform.result("fetch_toolchain", {"toolchain_id": name})
        assert (fetched["version"], fetched["toolchain"]["title"]) == (2, "Two"), "editors go on from the latest"
        entry = listed(platform, name)
        assert (entry["version"], entry["published_version"], entry["title"]) == (2, 1, "Two")
        assert platform.result("publish_toolchain", {"toolchain_id": name, "version": 2})["version"] == 2
        assert said(platform, name) == "two x"

    def test_what_is_not_there_cannot_be_published(self, platform: Platform) -> None:
        name = saved(platform, "few", "one")
        refused = platform.call("publish_toolchain", {"toolchain_id": name, "version": 2})
        assert (refused.status_code, refused.json()["error"]["field"]) == (404, "version")
        assert platform.call("publish_toolchain", {"toolchain_id": "rag"}).status_code == 404, (
            "shipped ones are as they are"
        )
        assert platform.call("publish_toolchain", {"toolchain_id": "no-such"}).status_code == 404

    def test_a_conversation_takes_the_published_one(self, platform: Platform) -> None:
        name = saved(platform, "conversing", "one")
        platform.result("publish_toolchain", {"toolchain_id": name})
        saved(platform, name, "two")
        body = {"query": "x", "toolchain_id": name, "stream": False}
        headers = {"Authorization": f"Bearer {platform.token}"}
        answer = platform.http.post(f"{platform.url}/v1/query", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert "one x" in answer.text

    def test_whether_it_can_be_talked_to_goes_by_what_is_run(self, platform: Platform) -> None:
        name = saved(platform, "mute", "one")
        platform.result("publish_toolchain", {"toolchain_id": name})
        platform.result("save_toolchain", {"toolchain": version("two", name) | {"stream": None}})
        assert listed(platform, name)["chat"] is True
        platform.result("publish_toolchain", {"toolchain_id": name})
        assert listed(platform, name)["chat"] is False


class TestAsAModel:
    def test_the_published_version_and_a_pinned_one(self, platform: Platform, client: openai.OpenAI) -> None:
        name = saved(platform, "modelled", "one")
        platform.result("publish_toolchain", {"toolchain_id": name})
        saved(platform, name, "two")

        def answer(model: str) -> str | None:
            asked = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "x"}])
            assert asked.model == model
            return asked.choices[0].message.content

        assert answer(f"toolchain/{name}") == "one x"
        assert answer(f"toolchain/{name}@2") == "two x"
        assert client.models.retrieve(f"toolchain/{name}@2").id == f"toolchain/{name}@2"

    @pytest.mark.parametrize("pin", ["@", "@0", "@9", "@x", "@1.0", "@-1", "@" + "9" * 40, "@1@2", "@ 1", "@١"])
    def test_a_pin_that_is_none(self, platform: Platform, client: openai.OpenAI, pin: str) -> None:
        saved(platform, "pins", "one")
        with pytest.raises(openai.NotFoundError):
            client.chat.completions.create(model=f"toolchain/pins{pin}", messages=[{"role": "user", "content": "x"}])
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve(f"toolchain/pins{pin}")


class TestTheList:
    def test_pages(self, platform: Platform) -> None:
        name = saved(platform, "paged", *(f"v{number}" for number in range(1, 6)))
        platform.result("publish_toolchain", {"toolchain_id": name, "version": 2})
        first = platform.result("fetch_toolchain_versions", {"toolchain_id": name, "limit": 3})
        assert [(v["version"], v["title"], v["published"]) for v in first["versions"]] == [
            (5, "V5", False), (4, "V4", False), (3, "V3", False),
        ]  # fmt: skip
        body = {"toolchain_id": name, "limit": 3, "before_version": first["next_before_version"]}
        second = platform.result("fetch_toolchain_versions", body)
        assert [(v["version"], v["published"]) for v in second["versions"]] == [(2, True), (1, False)]
        assert second["next_before_version"] is None
        assert all(v["created_at"] for v in second["versions"])

    def test_a_shipped_one_has_one(self, platform: Platform) -> None:
        told = platform.result("fetch_toolchain_versions", {"toolchain_id": "rag"})["versions"]
        assert [(v["version"], v["published"], v["created_at"]) for v in told] == [(1, True, None)]
        assert platform.call("fetch_toolchain_versions", {"toolchain_id": "no-such"}).status_code == 404


class TestDifferences:
    def test_between_two_versions(self, platform: Platform) -> None:
        name = saved(platform, "differing", "one", "two")
        body = {"toolchain_id": name, "from_version": 1, "to_version": 2}
        told = platform.result("diff_toolchain_versions", body)
        assert (told["from_version"], told["to_version"]) == (1, 2)
        assert [(d["path"], d["change"]) for d in told["differences"]] == [
            ("title", "changed"),
            ("nodes.say.input.question", "changed"),
        ]
        same = platform.result("diff_toolchain_versions", body | {"to_version": 1})
        assert same["differences"] == []

    def test_with_a_version_that_is_not_there(self, platform: Platform) -> None:
        name = saved(platform, "lonely", "one")
        body = {"toolchain_id": name, "from_version": 1, "to_version": 2}
        assert platform.call("diff_toolchain_versions", body).status_code == 404
        assert platform.call("diff_toolchain_versions", body | {"to_version": 2**40}).status_code == 422


class TestRollingBack:
    def test_an_older_version_becomes_the_newest_and_the_published(self, platform: Platform) -> None:
        name = saved(platform, "rolled", "one", "two", "three")
        platform.result("publish_toolchain", {"toolchain_id": name})
        assert platform.result("roll_back_toolchain", {"toolchain_id": name, "version": 1}) == {
            "id": name,
            "version": 4,
        }
        assert said(platform, name) == "one x"
        assert said(platform, name, version=3) == "three x", "nothing is lost"
        fetched = platform.result("fetch_toolchain", {"toolchain_id": name})
        assert (fetched["version"], fetched["toolchain"]["title"]) == (4, "One")

    def test_to_the_latest_is_publishing_it(self, platform: Platform) -> None:
        name = saved(platform, "rolled-nowhere", "one")
        assert platform.result("roll_back_toolchain", {"toolchain_id": name, "version": 1})["version"] == 1
        assert listed(platform, name)["published_version"] == 1

    def test_to_what_is_not_there(self, platform: Platform) -> None:
        name = saved(platform, "rolled-far", "one")
        assert platform.call("roll_back_toolchain", {"toolchain_id": name, "version": 7}).status_code == 404
        assert listed(platform, name)["published_version"] is None

    def test_many_at_once(self, platform: Platform) -> None:
        name = saved(platform, "raced-back", "one", "two", "three")

        def back(number: int) -> int:
            body = {"toolchain_id": name, "version": 1 + number % 2}
            return platform.result("roll_back_toolchain", body)["version"]

        versions = at_once(back, 6)
        told = platform.result("fetch_toolchain_versions", {"toolchain_id": name})["versions"]
        assert [v["version"] for v in told if v["published"]], "one is published"
        assert max(versions) == told[0]["version"]
        assert [v["version"] for v in told] == list(range(told[0]["version"], 0, -1))


class TestDeletion:
    def test_a_toolchain_of_the_same_id_begins_anew(self, platform: Platform) -> None:
        name = saved(platform, "reborn", "one", "two")
        platform.result("publish_toolchain", {"toolchain_id": name})
        platform.result("delete_toolchain", {"toolchain_id": name})
        assert platform.call("fetch_toolchain_versions", {"toolchain_id": name}).status_code == 404
        saved(platform, name, "three")
        entry = listed(platform, name)
        assert (entry["version"], entry["published_version"]) == (1, None)

    def test_ones_own_hides_a_shipped_one_only_for_its_owner(self, platform: Platform, someone: str) -> None:
        saved(platform, "chat", "one", token=someone)
        platform.result("publish_toolchain", {"toolchain_id": "chat"}, token=someone)
        mine = platform.result("fetch_toolchain_versions", {"toolchain_id": "chat"}, token=someone)["versions"]
        assert mine[0]["title"] == "One"
        theirs = platform.result("fetch_toolchain_versions", {"toolchain_id": "chat"})["versions"]
        assert theirs[0]["title"] == "Chat"
