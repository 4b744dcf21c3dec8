"""What several people write at once: drafts, versions that others saved in the meantime, and who runs which version."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.platform import Platform
from tests.server.test_versions import said, saved, version
from tests.server.waiting import at_once


def kept(platform: Platform, name: str, **parts: Any) -> dict[str, Any]:
    body = {"draft_id": str(uuid4()), "toolchain_id": name, "toolchain": {"title": "T"}} | parts
    return platform.result("save_draft", body)


class TestSavingOverOthers:
    def test_what_was_saved_in_the_meantime_is_kept(self, platform: Platform) -> None:
        name = saved(platform, "expected", "one", "two")
        mine = {"toolchain": version("mine", name), "expected_version": 1}
        refused = platform.call("save_toolchain", mine)
        error = refused.json()["error"]
        assert (refused.status_code, error["type"], error["field"]) == (409, "VersionConflict", "expected_version")
        assert "expected_version 2" in error["message"], "the way out is told"
        assert platform.result("fetch_toolchain", {"toolchain_id": name})["toolchain"]["title"] == "Two"
        assert platform.result("save_toolchain", mine | {"expected_version": 2})["version"] == 3

    def test_a_save_whose_answer_was_lost_can_be_sent_again(self, platform: Platform) -> None:
        name = saved(platform, "resent", "one")
        mine = {"toolchain": version("two", name), "expected_version": 1}
        assert [platform.result("save_toolchain", mine)["version"] for _ in range(2)] == [2, 2]

    def test_a_new_one_takes_the_place_of_none(self, platform: Platform) -> None:
        body = {"toolchain": version("one", "brand-new"), "expected_version": 0}
        assert platform.result("save_toolchain", body)["version"] == 1
        again = platform.call("save_toolchain", body | {"toolchain": version("two", "brand-new")})
        assert again.status_code == 409
        gone = platform.call("save_toolchain", {"toolchain": version("one", "never-there"), "expected_version": 3})
        assert "has no version" in gone.json()["error"]["message"]
        assert platform.call("fetch_toolchain", {"toolchain_id": "never-there"}).status_code == 404

    def test_of_many_at_once_one_is_saved(self, platform: Platform) -> None:
        name = saved(platform, "drafted_twice", "one")

        def save(number: int) -> int:
            body = {"toolchain": version(f"n{number}", name), "expected_version": 1}
            return platform.call("save_toolchain", body).status_code

        assert sorted(at_once(save, 6)) == [200, 409, 409, 409, 409, 409]


class TestNotes:
    def test_a_version_is_published_with_a_note(self, platform: Platform) -> None:
        name = saved(platform, "noted", "one", "two")
        note = "<b>Faster</b> \u202e better"
        platform.result("publish_toolchain", {"toolchain_id": name, "version": 2, "note": note})
        platform.result("publish_toolchain", {"toolchain_id": name, "version": 2})
        platform.result("roll_back_toolchain", {"toolchain_id": name, "version": 1})
        told = platform.result("fetch_toolchain_versions", {"toolchain_id": name})["versions"]
        assert [v["note"] for v in told] == ["Version 1 again.", note, ""]
        long = platform.call("publish_toolchain", {"toolchain_id": name, "note": "x" * 2001})
        assert long.status_code == 422


class TestDrafts:
    def test_a_draft_is_kept_with_all_its_faults(self, platform: Platform) -> None:
        draft = {"title": "Half", "nodes": "none yet", "z": 1, "a": [None]}
        told = kept(platform, "half", toolchain=draft, base_version=3)
        assert told["revision"] == 1
        found = platform.result("fetch_draft", {"draft_id": told["draft_id"]})
        assert (found["toolchain"], found["base_version"], found["toolchain_id"]) == (draft, 3, "half")
        assert list(found["toolchain"]) == list(draft), "in the order of its writer"
        assert [d["title"] for d in platform.result("fetch_drafts", {"toolchain_id": "half"})["drafts"]] == ["Half"]
        platform.result("delete_draft", {"draft_id": told["draft_id"]})
        assert platform.call("fetch_draft", {"draft_id": told["draft_id"]}).status_code == 404

    def test_two_windows_lose_nothing(self, platform: Platform) -> None:
        first = kept(platform, "shared")
        body = {"draft_id": first["draft_id"], "toolchain_id": "shared", "revision": 1}
        assert platform.result("save_draft", body | {"toolchain": {"title": "left"}})["revision"] == 2
        refused = platform.call("save_draft", body | {"toolchain": {"title": "right"}})
        assert (refused.status_code, refused.json()["error"]["type"]) == (409, "DraftConflict")
        assert platform.result("fetch_draft", {"draft_id": first["draft_id"]})["toolchain"] == {"title": "left"}
        assert platform.result("save_draft", body | {"toolchain": {"title": "left"}})["revision"] == 3, "sent again"

    def test_a_draft_that_was_deleted_elsewhere_is_kept_anew(self, platform: Platform) -> None:
        first = kept(platform, "deleted")
        platform.result("delete_draft", {"draft_id": first["draft_id"]})
        body = {"draft_id": first["draft_id"], "toolchain_id": "deleted", "revision": 7, "toolchain": {"title": "on"}}
        assert platform.result("save_draft", body)["revision"] == 1

    def test_of_others_nothing_is_found(self, platform: Platform, someone: str) -> None:
        mine = kept(platform, "private")
        reference = {"draft_id": mine["draft_id"]}
        assert platform.call("fetch_draft", reference, token=someone).status_code == 404
        assert platform.call("delete_draft", reference, token=someone).status_code == 404
        assert platform.result("fetch_drafts", {}, token=someone)["drafts"] == []
        body = reference | {"toolchain_id": "private", "toolchain": {"title": "theirs"}}
        assert platform.result("save_draft", body, token=someone)["revision"] == 1
        assert platform.result("fetch_draft", reference)["toolchain"] == {"title": "T"}

    def test_what_is_no_draft(self, platform: Platform) -> None:
        body: dict[str, Any] = {"draft_id": str(uuid4()), "toolchain_id": None, "toolchain": {}}
        assert platform.call("save_draft", body | {"draft_id": "mine"}).json()["error"]["field"] == "draft_id"
        assert platform.call("save_draft", body | {"toolchain": []}).status_code == 422
        assert platform.call("save_draft", body | {"toolchain": {"a": "x" * (5 << 20)}}).status_code == 413
        assert platform.call("fetch_draft", {"draft_id": "1"}).status_code == 404

    def test_no_more_than_can_be_looked_through(self, platform: Platform, someone: str) -> None:
        def keep(number: int) -> int:
            body: dict[str, Any] = {"draft_id": str(uuid4()), "toolchain_id": f"t{number}", "toolchain": {}}
            return platform.call("save_draft", body, token=someone).status_code

        assert [keep(number) for number in range(101)] == [200] * 100 + [422]
        drafts = platform.result("fetch_drafts", {}, token=someone)["drafts"]
        body = {"draft_id": drafts[0]["draft_id"], "toolchain_id": None, "revision": 1, "toolchain": {"title": "more"}}
        assert platform.result("save_draft", body, token=someone)["revision"] == 2, "those that are there go on"

    def test_a_draft_is_compared_with_a_version(self, platform: Platform) -> None:
        name = saved(platform, "compared", "one")
        body: dict[str, Any] = {"toolchain_id": name, "from_version": 1}
        told = platform.result("diff_toolchain_versions", body | {"toolchain": version("two", name)})
        assert told["to_version"] is None
        assert [d["path"] for d in told["differences"]] == ["title", "nodes.say.input.question"]
        assert platform.call("diff_toolchain_versions", body).json()["error"]["field"] == "to_version"
        deep: Any = "x"
        for _ in range(220):
            deep = [deep]
        nested = platform.result("diff_toolchain_versions", body | {"toolchain": {"nodes": deep}})
        assert "nodes[0]" in [d["path"] for d in nested["differences"]], "however deep a request may be"


class TestUse:
    def test_who_runs_which_version(self, platform: Platform) -> None:
        name = saved(platform, "used", "one", "two")
        assert said(platform, name) == "two x"
        assert said(platform, name, version=1) == "one x"
        assert said(platform, name, version=1) == "one x"
        draft = version("three", name)
        assert said(platform, name, draft=draft) == "three x"
        platform.result("create_schedule", {"toolchain_id": name, "cron": "0 0 1 1 *", "input": {"question": "x"}})
        call = {"id": "call", "kind": "subchain", "toolchain": name, "version": 1, "input": {"question": "x"}}
        edges = [{"from": "start", "to": "call"}, {"from": "call", "to": "end"}]
        caller = {"id": "caller", "title": "Caller", "nodes": [call], "edges": edges}
        platform.result("save_toolchain", {"toolchain": caller})
        use = platform.result("fetch_toolchain_use", {"toolchain_id": name})
        assert [(v["version"], v["runs"], v["open_runs"]) for v in use["versions"]] == [(2, 1, 0), (1, 2, 0), (0, 1, 0)]
        assert (use["counted"], use["schedules"], use["webhooks"]) == (4, 1, 0)
        assert use["subchains"] == [{"toolchain_id": "caller", "title": "Caller", "version": 1}]
        platform.result("delete_toolchain", {"toolchain_id": name})
        platform.result("delete_toolchain", {"toolchain_id": "caller"})
        assert platform.call("fetch_toolchain_use", {"toolchain_id": name}).status_code == 404
