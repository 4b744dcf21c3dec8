"""Who may do what: other people's ids, scopes of keys, and keys and tokens that are no good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from inference.composer import functions as of_composer
from inference.functions import Function, find, functions
from tests.platform import PASSWORD, Platform
from tests.server.conftest import Library
from tests.server.waiting import until

_SAVE = of_composer.save_toolchain.__name__  # the composer's functions are registered where it is imported
KEYED = {name: target for name, target in functions().items() if target.scope}

# What a field of an id is called, and which of the owner's things it names.
IDS = {
    "collection_id": "collection", "collection_ids": "collection", "document_id": "document", "chunk_id": "chunk",
    "run_id": "run", "conversation_id": "conversation", "api_key_id": "api_key", "toolchain_id": "toolchain",
    "schedule_id": "schedule", "webhook_id": "webhook", "checkpoint_id": "checkpoint", "draft_id": "draft",
    "case_run_id": "case_run",
}  # fmt: skip
# Requests need more than an id where the schema says so.
REST: dict[str, Any] = {
    "query": "water", "limit": 5, "cron": "0 0 * * *", "version": 1, "from_version": 1, "to_version": 1,
    "url": "https://example.org/manual", "contents": [{"source": "manual", "sha256": "0" * 64}], "number": 0,
    "node": "say",
}  # fmt: skip
# Fields that end in _id and name nothing that somebody owns: a thread is a name that callers choose.
FREE = {"thread_id"}
# Functions whose ids are names that callers choose.
NAMING = {"save_draft"}


def taking_ids() -> list[tuple[str, str]]:
    """Every function and field that takes the id of a thing somebody owns; what administrators do is for all."""
    found: list[tuple[str, str]] = []
    for name, target in KEYED.items():
        if target.admin or name in NAMING:
            continue
        fields = target.request.model_fields
        found += [(name, f) for f in fields if (f.endswith(("_id", "_ids")) or f == "before") and f not in FREE]
    return found


@pytest.fixture(scope="session")
def owned(platform: Platform, library: Library) -> dict[str, str]:
    """One of everything that the administrator owns."""
    hits = platform.result("search_bm25", {"query": "pump", "collection_ids": [library.collection]})["hits"]
    key = platform.result("create_api_key", {"title": "owned"})
    toolchain = {
        "id": "owned", "title": "Owned", "nodes": [{"id": "say", "kind": "emit", "event": "state", "data": 1}],
        "edges": [{"from": "start", "to": "say"}, {"from": "say", "to": "end"}], "tests": [{"name": "It ends"}],
    }  # fmt: skip
    draft = {"draft_id": str(uuid4()), "toolchain_id": None, "toolchain": {"title": "Owned"}}
    saved = platform.result("save_toolchain", {"toolchain": toolchain})["id"]
    run = platform.result("run_toolchain", {"toolchain_id": "owned", "wait": True})["run_id"]
    return {
        "collection": library.collection,
        "document": hits[0]["document_id"],
        "chunk": hits[0]["chunk_id"],
        "run": run,
        "checkpoint": platform.result("fetch_run_checkpoints", {"run_id": run})["checkpoints"][0]["checkpoint_id"],
        "conversation": platform.result("create_conversation", {"title": "owned"})["conversation_id"],
        "api_key": key["id"],
        "toolchain": saved,
        "schedule": platform.result("create_schedule", {"toolchain_id": saved, "cron": "0 0 1 1 *"})["schedule_id"],
        "webhook": platform.result("create_webhook", {"toolchain_id": saved})["webhook_id"],
        "draft": platform.result("save_draft", draft)["draft_id"],
        "case_run": platform.result("test_toolchain", {"toolchain_id": saved, "wait": True})["case_run_id"],
    }


def request_for(target: Function, field: str, value: str) -> dict[str, Any]:
    """The least that the function takes, with this id."""
    fields = target.request.model_fields
    body: dict[str, Any] = {name: REST[name] for name in REST if name in fields}
    body[field] = [value] if "list" in str(fields[field].annotation) else value
    return body | {name: [] for name in fields if name == "collection_ids" and name != field}


class TestOtherPeoplesIds:
    def test_every_id_is_known_here(self) -> None:
        named = {field for _, field in taking_ids()} - {"before"}
        assert named == set(IDS), "a function takes an id that these tests cannot make: say in IDS what it names"

    @pytest.mark.parametrize(("name", "field"), taking_ids())
    def test_they_are_not_found(
        self, platform: Platform, owned: dict[str, str], stranger: str, name: str, field: str
    ) -> None:
        target = find(name)
        needed = {
            f: owned[IDS[f]] for f, info in target.request.model_fields.items() if f in IDS and info.is_required()
        }
        body = needed | request_for(target, field, owned[self._kind(name, field)])
        if field == "before" and "collection_id" in target.request.model_fields:
            body["collection_id"] = platform.result("create_document_collection", {"name": "own"}, token=stranger)["id"]
        if target.request.model_fields.get("conversation_id") and field != "conversation_id":
            body["conversation_id"] = platform.result("create_conversation", {}, token=stranger)["conversation_id"]
        if target.door == "upload":
            response = platform.upload(owned["collection"], "x.txt", b"words", token=stranger)
        else:
            response = platform.call(name, body, token=stranger)
        lists = field in ("toolchain_id", "before") or name == "fetch_deliveries"
        if lists and response.status_code == 200:
            self._shows_nothing(response, owned)
            return
        assert response.status_code in (404, 409), f"{response.status_code} {response.text}"

    @staticmethod
    def _kind(name: str, field: str) -> str:
        if field != "before":
            return IDS[field]
        return {
            "fetch_collection_documents": "document",
            "fetch_runs": "run",
            "fetch_conversations": "conversation",
        }.get(name, "conversation")

    @staticmethod
    def _shows_nothing(response: httpx.Response, owned: dict[str, str]) -> None:
        """Filters and marks of pages may name anything; what comes is the caller's own all the same."""
        text = str(response.json()["result"])
        assert not [value for kind, value in owned.items() if kind != "toolchain" and value in text]

    @pytest.mark.parametrize("name", sorted(KEYED))
    def test_without_a_token_nothing_is_done(self, platform: Platform, name: str) -> None:
        assert platform.call(name, {}, token="").status_code == 401

    @pytest.mark.parametrize("text", ["", "x", "../..", "%", "0" * 500, "12345678-1234-1234-1234-1234567890ab", "١"])
    def test_what_cannot_be_an_id_is_not_found(self, platform: Platform, text: str) -> None:
        for name, body in (
            ("fetch_document", {"document_id": text}),
            ("fetch_run", {"run_id": text}),
            ("search_hybrid", {"query": "x", "collection_ids": [text]}),
            ("delete_api_key", {"api_key_id": text}),
        ):
            assert platform.call(name, body).status_code == 404, name

    def test_the_owner_still_has_everything(self, platform: Platform, owned: dict[str, str]) -> None:
        assert platform.call("fetch_document", {"document_id": owned["document"]}).status_code == 200
        assert platform.call("fetch_conversation", {"conversation_id": owned["conversation"]}).status_code == 200
        assert platform.call("fetch_toolchain", {"toolchain_id": owned["toolchain"]}).status_code == 200
        assert owned["api_key"] in str(platform.result("fetch_api_keys"))
        assert platform.result("fetch_draft", {"draft_id": owned["draft"]})["revision"] == 1
        assert platform.result("fetch_case_run", {"case_run_id": owned["case_run"]})["results"][0]["status"] == "passed"

    def test_other_doors_are_closed_too(self, platform: Platform, owned: dict[str, str], stranger: str) -> None:
        headers = {"Authorization": f"Bearer {stranger}"}
        for path in (f"/api/runs/{owned['run']}/events", f"/v1/query/{owned['run']}"):
            assert platform.http.get(f"{platform.url}{path}", headers=headers).status_code == 404, path
            assert platform.http.get(f"{platform.url}{path}").status_code == 401, path
        for body in (
            {"query": "x", "collection_ids": [owned["collection"]]},
            {"query": "x", "conversation_id": owned["conversation"]},
            {"query": "x", "toolchain_id": owned["toolchain"]},
        ):
            assert platform.http.post(f"{platform.url}/v1/query", json=body, headers=headers).status_code == 404, body
        chat = {"model": f"toolchain/{owned['toolchain']}", "messages": [{"role": "user", "content": "x"}]}
        assert platform.http.post(f"{platform.url}/v1/chat/completions", json=chat, headers=headers).status_code == 404

    def test_documents_of_others_are_not_found_by_a_filter(
        self, platform: Platform, owned: dict[str, str], someone: str
    ) -> None:
        own = platform.result("create_document_collection", {"name": "own"}, token=someone)["id"]
        platform.ingest(own, "a.txt", b"Water flows downhill.", token=someone)
        body = {"query": "water", "collection_ids": [own], "filter": {"document_ids": [owned["document"]]}}
        for function in ("search_bm25", "search_dense", "search_hybrid"):
            assert platform.call(function, body, token=someone).status_code == 404
        where = {"where": {"field": "document.id", "op": "eq", "value": owned["document"]}}
        for function in ("search_bm25", "search_dense", "search_hybrid"):
            assert platform.result(function, body | {"filter": where}, token=someone)["hits"] == []

    def test_administrators_alone_pull_models(self, platform: Platform, stranger: str) -> None:
        wanted = {"pull_model": {"source": "owner/name"}, "fetch_pulls": {}, "cancel_pull": {"pull_id": "x"}}
        for function, arguments in wanted.items():
            assert platform.call(function, arguments, token=stranger).status_code == 403, function
        assert platform.call("pull_model", {"source": "../../etc"}).status_code == 422

    def test_administrators_alone_look_after_models(self, platform: Platform, stranger: str) -> None:
        for function in ("load_model", "unload_model", "remove_model", "modify_model", "fetch_model_logs"):
            response = platform.call(function, {"model": "extractive"}, token=stranger)
            assert response.status_code == 403
        entry = {"id": "mine", "kind": "chat", "engine": "remote", "source": "x"}
        assert platform.call("add_model", entry, token=stranger).status_code == 403


@pytest.fixture(scope="session")
def powerless(platform: Platform) -> str:
    return platform.new_key()


class TestScopes:
    @pytest.mark.parametrize("name", sorted(KEYED))
    def test_a_key_without_scopes_may_do_nothing(self, platform: Platform, powerless: str, name: str) -> None:
        response = platform.call(name, {}, token=powerless)
        assert response.status_code == 403, response.text

    def test_a_key_may_what_its_scopes_say(self, platform: Platform, library: Library) -> None:
        key = platform.new_key("search:read")
        search = {"query": "pump", "collection_ids": [library.collection]}
        assert platform.result("search_bm25", search, token=key)["hits"]
        assert platform.call("fetch_all_collections", token=key).status_code == 403
        whole = platform.new_key("documents")
        document = {"document_id": library.documents["tram.txt"]["id"]}
        assert platform.call("fetch_document", document, token=whole).status_code == 200
        assert platform.call("search_bm25", search, token=whole).status_code == 403

    def test_the_token_path_needs_inference(self, platform: Platform) -> None:
        body = {"model": "all-MiniLM-L6-v2", "input": "x"}
        for scope, status in (("inference", 200), ("*", 200), ("models:read", 403), ("documents", 403)):
            headers = {"Authorization": f"Bearer {platform.new_key(scope)}"}
            response = platform.http.post(f"{platform.url}/v1/embeddings", json=body, headers=headers, timeout=60)
            assert response.status_code == status, scope

    def test_a_key_makes_no_stronger_key(self, platform: Platform) -> None:
        key = platform.new_key("keys:write", "search:read")
        stronger = platform.call("create_api_key", {"title": "x", "scopes": ["documents:read"]}, token=key)
        assert stronger.status_code == 403
        star = platform.call("create_api_key", {"title": "x", "scopes": ["*"]}, token=key)
        assert star.status_code == 403
        heir = platform.result("create_api_key", {"title": "x"}, token=key)["api_key"]
        assert platform.call("fetch_all_collections", token=heir).status_code == 403
        assert platform.call("search_bm25", {"query": "x", "collection_ids": []}, token=heir).status_code == 200

    def test_a_whole_scope_holds_its_parts(self, platform: Platform) -> None:
        key = platform.new_key("keys", "documents")
        part = platform.call("create_api_key", {"title": "x", "scopes": ["documents:read"]}, token=key)
        assert part.status_code == 200

    def test_a_narrow_key_of_an_administrator_makes_no_users(self, platform: Platform) -> None:
        key = platform.new_key("keys:write")
        response = platform.call("add_user", {"username": "made-by-key", "password": PASSWORD}, token=key)
        assert response.status_code == 403

    def test_a_toolchain_does_no_more_than_the_key_that_runs_it(self, platform: Platform, library: Library) -> None:
        key = platform.new_key("runs:write")
        ended = platform.result(
            "run_toolchain",
            {"toolchain_id": "rag", "input": {"question": "pumps?"}, "wait": True},
            token=key,
        )
        assert ended["status"] == "failed"
        assert ended["error"]["type"] == "NotAllowed"
        assert "scope" in ended["error"]["message"]


class TestKeys:
    def test_a_deleted_key_ends_at_once(self, platform: Platform) -> None:
        made = platform.result("create_api_key", {"title": "short-lived"})
        assert platform.call("fetch_user", token=made["api_key"]).status_code == 200
        platform.result("delete_api_key", {"api_key_id": made["id"]})
        until(lambda: platform.call("fetch_user", token=made["api_key"]).status_code == 401)
        assert platform.call("delete_api_key", {"api_key_id": made["id"]}).status_code == 404

    def test_an_expired_key(self, platform: Platform) -> None:
        soon = (datetime.now(UTC) + timedelta(seconds=1.5)).isoformat()
        made = platform.result("create_api_key", {"title": "expires", "expires_at": soon})
        assert platform.call("fetch_user", token=made["api_key"]).status_code == 200
        until(lambda: platform.call("fetch_user", token=made["api_key"]).status_code == 401)
        refused = platform.call("fetch_user", token=made["api_key"])
        assert refused.status_code == 401
        assert "expired" in refused.json()["error"]["message"]

    @pytest.mark.parametrize("when", ["2999-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
    def test_odd_times_of_expiry(self, platform: Platform, when: str) -> None:
        response = platform.call("create_api_key", {"title": "odd", "expires_at": when})
        assert response.status_code in (200, 422), response.text

    def test_keys_are_shown_once(self, platform: Platform) -> None:
        made = platform.result("create_api_key", {"title": "secret"})
        assert made["api_key"].startswith("sk-")
        assert made["api_key"] not in str(platform.result("fetch_api_keys"))

    @pytest.mark.parametrize(
        "header",
        [
            "Bearer", "Bearer x", "Bearer sk-", "Bearer sk-" + "x" * 5000, "Basic YW5uOng=", "Token abc",
            "Bearer a.b.c", "bearer " + "é", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "Bearer ..",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["/api/fetch_user", "/v1/models", "/v1/embeddings"])
    def test_garbage_is_refused(self, platform: Platform, header: str, path: str) -> None:
        method = "GET" if path == "/v1/models" else "POST"
        headers = [(b"Authorization", header.encode())]
        response = platform.http.request(method, f"{platform.url}{path}", headers=headers)
        assert response.status_code == 401, response.text
        assert "error" in response.json()

    def test_a_token_with_another_payload(self, platform: Platform, stranger: str) -> None:
        header, _, signature = platform.token.split(".")
        forged = ".".join((header, stranger.split(".")[1], signature))
        assert platform.call("fetch_user", token=forged).status_code == 401


class TestLogIn:
    def test_a_wrong_password(self, platform: Platform) -> None:
        response = platform.call("login", {"username": "ann", "password": "wrong"}, token="")
        assert response.status_code == 401
        unknown = platform.call("login", {"username": "nobody-of-this-name", "password": "wrong"}, token="")
        assert unknown.json()["error"]["message"] == response.json()["error"]["message"]

    def test_many_failures_are_slowed_down(self, platform: Platform) -> None:
        guess = {"username": "guessed-at", "password": "wrong"}
        statuses = [platform.call("login", guess, token="").status_code for _ in range(11)]
        assert statuses == [401] * 10 + [429]
        refused = platform.call("login", guess | {"username": "GUESSED-AT"}, token="")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 300

    def test_names_differ_in_more_than_case(self, platform: Platform) -> None:
        assert platform.call("login", {"username": "ANN", "password": PASSWORD}, token="").status_code == 200

    def test_the_result(self, platform: Platform) -> None:
        told = platform.result("login", {"username": "ann", "password": PASSWORD}, token="")
        assert told["token_type"] == "bearer"
        assert told["expires_in"] > 3600
        assert told["user"]["is_admin"] is True
