"""POST /v1/query: a cited answer, streamed or whole, kept in its conversation."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from tests.manual import FACTS, NAME
from tests.platform import Platform
from tests.server.conftest import Library
from tests.server.streams import Event, ask, follow, read_events, text_of
from tests.server.waiting import until

QUESTION, ANSWER, PAGE = FACTS[0].question, FACTS[0].answer, FACTS[0].page


def post(platform: Platform, body: dict[str, Any], *, token: str | None = None, **headers: str) -> httpx.Response:
    """The whole answer of POST /v1/query."""
    bearer = platform.token if token is None else token
    authorization = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return platform.http.post(f"{platform.url}/v1/query", json=body, headers=authorization | headers)


def messages_of(platform: Platform, conversation: str) -> list[dict[str, Any]]:
    """The messages of a conversation, oldest first."""
    return platform.result("fetch_conversation", {"conversation_id": conversation})["messages"]


@pytest.fixture(scope="module")
def answered(platform: Platform, library: Library) -> list[Event]:
    """The events of one answer."""
    return ask(platform, {"query": QUESTION, "collection_ids": [library.collection]})


class TestStream:
    def test_events_come_in_their_order(self, answered: list[Event]) -> None:
        names = [event.name for event in answered]
        assert names[:2] == ["start", "sources"]
        assert names[-2:] == ["usage", "done"]
        assert set(names[2:-2]) == {"delta", "citation"}
        ids = [event.id for event in answered]
        assert ids == sorted(set(ids))
        assert answered[-1].data["finish_reason"] == "stop"

    def test_the_answer_is_cited(self, answered: list[Event], library: Library) -> None:
        start, sources = answered[0].data, answered[1].data
        assert set(start) == {"conversation_id", "message_id", "run_id"}
        assert [source["n"] for source in sources] == list(range(1, len(sources) + 1))
        for source in sources:
            assert {"document_id", "document_name", "page", "chunk_id", "score", "snippet"} <= set(source)
        text = text_of(answered)
        assert ANSWER in text
        cited = [event.data for event in answered if event.name == "citation"]
        assert cited
        for citation in cited:
            assert f"[{citation['n']}" in text[citation["start"] : citation["end"]] or "," in text
        best = next(source for source in sources if source["n"] == cited[0]["n"])
        assert (best["document_name"], best["page"]) == (NAME, PAGE)
        assert best["document_id"] == library.documents[NAME]["id"]

    def test_usage_adds_up(self, answered: list[Event]) -> None:
        usage = answered[-2].data
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0

    def test_the_conversation_keeps_it(self, platform: Platform, answered: list[Event]) -> None:
        start = answered[0].data
        conversation = platform.result("fetch_conversation", {"conversation_id": start["conversation_id"]})
        assert conversation["title"].startswith(QUESTION[:30])
        question, answer = conversation["messages"]
        assert (question["role"], question["content"]) == ("user", QUESTION)
        assert (answer["role"], answer["content"]) == ("assistant", text_of(answered))
        assert answer["status"] == "complete"
        assert answer["message_id"] == start["message_id"]
        assert answer["run_id"] == start["run_id"]
        assert answer["sources"] == answered[1].data
        assert answer["citations"] == [event.data for event in answered if event.name == "citation"]

    def test_headers_keep_proxies_from_buffering(self, platform: Platform, library: Library) -> None:
        response = post(platform, {"query": QUESTION, "collection_ids": [library.collection]})
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "no-cache" in response.headers["cache-control"]
        assert response.headers["x-accel-buffering"] == "no"

    def test_whole(self, platform: Platform, library: Library, answered: list[Event]) -> None:
        body = {"query": QUESTION, "collection_ids": [library.collection], "stream": False}
        response = post(platform, body)
        assert response.headers["content-type"] == "application/json"
        answer = response.json()
        assert answer["answer"] == text_of(answered)
        assert answer["sources"] == answered[1].data
        assert answer["citations"] == [event.data for event in answered if event.name == "citation"]
        assert answer["usage"] == answered[-2].data
        assert len(messages_of(platform, answer["conversation_id"])) == 2


class TestReplay:
    @pytest.mark.parametrize("seen", [1, 2, -3, -2])
    def test_reading_on_after_an_event(self, platform: Platform, answered: list[Event], seen: int) -> None:
        path = f"/v1/query/{answered[0].data['run_id']}"
        assert follow(platform, path) == answered
        last = answered[seen - 1] if seen > 0 else answered[seen]
        rest = answered[answered.index(last) + 1 :]
        assert rest
        assert follow(platform, path, after=last.id) == rest

    def test_after_the_last_event_there_is_nothing(self, platform: Platform, answered: list[Event]) -> None:
        assert follow(platform, f"/v1/query/{answered[0].data['run_id']}", after=answered[-1].id) == []

    def test_the_same_question_with_a_last_event_id_reads_on(self, platform: Platform, someone: str) -> None:
        first = ask(platform, {"query": "What is a heron?"}, token=someone)
        again = ask(platform, {"query": "What is a heron?"}, token=someone, after=first[0].id)
        assert again == first[1:]
        conversations = platform.result("fetch_conversations", token=someone)["conversations"]
        assert len(conversations) == 1

    def test_the_same_question_without_it_is_asked_anew(self, platform: Platform, someone: str) -> None:
        first = ask(platform, {"query": "What is a heron?"}, token=someone)
        second = ask(platform, {"query": "What is a heron?"}, token=someone)
        assert first[0].data["run_id"] != second[0].data["run_id"]

    @pytest.mark.parametrize("given", ["x", "-1", "1e3", "99999999999999999999", "٣"])
    def test_numbers_that_are_none(self, platform: Platform, answered: list[Event], given: str) -> None:
        url = f"{platform.url}/v1/query/{answered[0].data['run_id']}"
        headers = [(b"Authorization", f"Bearer {platform.token}".encode()), (b"Last-Event-ID", given.encode())]
        response = platform.http.get(url, headers=headers)
        assert response.status_code == 400
        assert response.json()["error"]["param"] == "Last-Event-ID"

    def test_a_client_that_goes_away_finds_its_answer(self, platform: Platform, library: Library) -> None:
        body = {"query": QUESTION, "collection_ids": [library.collection]}
        headers = {"Authorization": f"Bearer {platform.token}"}
        with platform.http.stream("POST", f"{platform.url}/v1/query", json=body, headers=headers) as response:
            start = next(read_events(response))
        conversation = start.data["conversation_id"]
        until(lambda: messages_of(platform, conversation)[-1]["status"] == "complete")
        answer = messages_of(platform, conversation)[-1]
        assert ANSWER in answer["content"]
        rest = follow(platform, f"/v1/query/{start.data['run_id']}", after=start.id)
        assert text_of(rest) == answer["content"]

    def test_two_readers_of_one_answer(self, platform: Platform, library: Library) -> None:
        started = platform.result(
            "run_toolchain",
            {"toolchain_id": "rag", "input": {"question": QUESTION, "collection_ids": [library.collection]}},
        )
        read: list[list[Event]] = []
        path = f"/api/runs/{started['run_id']}/events"
        readers = [threading.Thread(target=lambda: read.append(follow(platform, path))) for _ in range(3)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert read[0] == read[1] == read[2]
        assert read[0][-1].name == "run_finished"


class TestConversation:
    def test_a_question_that_leans_on_the_one_before(self, platform: Platform, library: Library) -> None:
        first = ask(
            platform,
            {"query": "Which oil goes into the bearing housings?", "collection_ids": [library.collection]},
        )
        conversation = first[0].data["conversation_id"]
        second = ask(platform, {"query": "And how much of it?", "conversation_id": conversation})
        assert second[0].data["conversation_id"] == conversation
        assert "1.6 litres" in text_of(second)
        messages = messages_of(platform, conversation)
        assert [m["role"] for m in messages] == ["user", "assistant", "user", "assistant"]
        assert messages[2]["content"] == "And how much of it?"

    def test_its_collections_and_toolchain_hold(self, platform: Platform, library: Library, collection: str) -> None:
        narrow = platform.result("create_conversation", {"title": "narrow", "collection_ids": [collection]})
        events = ask(platform, {"query": QUESTION, "conversation_id": narrow["conversation_id"]})
        assert next(e for e in events if e.name == "sources").data == []
        talk = platform.result("create_conversation", {"toolchain_id": "chat"})
        events = ask(platform, {"query": QUESTION, "conversation_id": talk["conversation_id"]})
        assert "sources" not in {event.name for event in events}

    def test_pages_of_messages_and_conversations(self, platform: Platform, someone: str) -> None:
        conversation = None
        for n in range(3):
            body = {"query": f"Question {n} about herons?", "toolchain_id": "chat", "conversation_id": conversation}
            conversation = ask(platform, body, token=someone)[0].data["conversation_id"]
        page = platform.result("fetch_conversation", {"conversation_id": conversation, "limit": 4}, token=someone)
        before = platform.result(
            "fetch_conversation",
            {"conversation_id": conversation, "limit": 4, "before": page["next_before"]},
            token=someone,
        )
        questions = [m["content"] for m in [*before["messages"], *page["messages"]] if m["role"] == "user"]
        assert questions == [f"Question {n} about herons?" for n in range(3)]
        assert before["next_before"] is None
        made = [platform.result("create_conversation", {}, token=someone)["conversation_id"] for _ in range(3)]
        first = platform.result("fetch_conversations", {"limit": 2}, token=someone)
        rest = platform.result("fetch_conversations", {"limit": 9, "before": first["next_before"]}, token=someone)
        ids = [c["conversation_id"] for c in [*first["conversations"], *rest["conversations"]]]
        assert ids == [*made[::-1], conversation]

    def test_renamed_and_deleted(self, platform: Platform) -> None:
        asked = ask(platform, {"query": "What is a heron?", "toolchain_id": "chat"})[0].data
        renamed = platform.result(
            "modify_conversation", {"conversation_id": asked["conversation_id"], "title": "Herons"}
        )
        assert renamed["title"] == "Herons"
        platform.result("delete_conversation", {"conversation_id": asked["conversation_id"]})
        for function in ("fetch_conversation", "delete_conversation"):
            assert platform.call(function, {"conversation_id": asked["conversation_id"]}).status_code == 404
        assert post(platform, {"query": "x", "conversation_id": asked["conversation_id"]}).status_code == 404
        assert platform.call("fetch_run", {"run_id": asked["run_id"]}).status_code == 404

    def test_one_that_is_deleted_while_it_is_answered(self, platform: Platform, library: Library) -> None:
        body = {"query": QUESTION, "collection_ids": [library.collection]}
        headers = {"Authorization": f"Bearer {platform.token}"}
        with platform.http.stream("POST", f"{platform.url}/v1/query", json=body, headers=headers) as response:
            events = read_events(response)
            start = next(events)
            platform.result("delete_conversation", {"conversation_id": start.data["conversation_id"]})
            rest = list(events)
        assert rest[-1].name in ("done", "error")
        ids = [event.id for event in rest]
        assert ids == sorted(set(ids))
        log = platform.home / "log" / "server.log"
        assert f"events of run {start.data['run_id']} could not" not in log.read_text()


class TestFilters:
    def test_by_document(self, platform: Platform, library: Library) -> None:
        bees = library.documents["bees.md"]["id"]
        body = {"query": "What do they eat in winter?", "document_ids": [bees]}
        events = ask(platform, body)
        sources = next(event for event in events if event.name == "sources").data
        assert {source["document_id"] for source in sources} == {bees}
        assert "honey" in text_of(events)

    def test_by_time(self, platform: Platform, library: Library) -> None:
        later = {"query": QUESTION, "collection_ids": [library.collection], "uploaded_after": "2999-01-01T00:00:00Z"}
        earlier = later | {"uploaded_after": "2001-01-01"}
        assert next(e for e in ask(platform, later) if e.name == "sources").data == []
        assert next(e for e in ask(platform, earlier) if e.name == "sources").data

    def test_top_k(self, platform: Platform, library: Library) -> None:
        for k in (1, 3):
            events = ask(platform, {"query": QUESTION, "collection_ids": [library.collection], "top_k": k})
            assert len(next(e for e in events if e.name == "sources").data) == k

    def test_somebody_without_documents_is_told_so(self, platform: Platform, stranger: str) -> None:
        events = ask(platform, {"query": QUESTION}, token=stranger)
        assert events[-1].name == "done"
        assert text_of(events)
        assert ANSWER not in text_of(events)


class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "status", "param"),
        [
            ({}, 400, "query"),
            ({"query": ""}, 400, "query"),
            ({"query": "   "}, 400, "query"),
            ({"query": 5}, 400, "query"),
            ({"query": "pump " * 200_000}, 400, "query"),
            ({"query": "a\0b"}, 400, "query"),
            ({"query": "x", "top_k": 0}, 400, "top_k"),
            ({"query": "x", "top_k": 51}, 400, "top_k"),
            ({"query": "x", "colour": "blue"}, 400, "colour"),
            ({"query": "x", "conversation_id": "no-such"}, 404, "conversation_id"),
            ({"query": "x", "collection_ids": ["no-such"]}, 404, "collection_ids"),
            ({"query": "x", "toolchain_id": "no-such"}, 404, "toolchain_id"),
            ({"query": "x", "toolchain_id": "ingest_document"}, 400, "toolchain_id"),
            ({"query": "x", "uploaded_after": "soon"}, 400, "uploaded_after"),
        ],
    )
    def test_is_refused_before_anything_is_kept(
        self, platform: Platform, someone: str, body: dict[str, Any], status: int, param: str
    ) -> None:
        response = post(platform, body, token=someone)
        assert response.status_code == status, response.text
        assert response.json()["error"]["param"] == param
        assert len(response.text) < 2000
        assert platform.result("fetch_conversations", token=someone)["conversations"] == []
        assert platform.result("fetch_runs", token=someone)["runs"] == []

    def test_an_unknown_model_ends_with_an_error(self, platform: Platform) -> None:
        for body in ({"query": "x", "model": "no-such"}, {"query": "x", "model": "no-such", "toolchain_id": "chat"}):
            events = ask(platform, body)
            assert events[-1].name == "error"
            assert events[-1].data["type"] == "NotFound"
            assert "no-such" in events[-1].data["message"]
            whole = post(platform, body | {"stream": False})
            assert whole.status_code == 404
            conversation = platform.result("fetch_conversations", {"limit": 1})["conversations"][0]
            (_, answer) = messages_of(platform, conversation["conversation_id"])
            assert answer["status"] == "failed"
            assert "no-such" in answer["error"]

    def test_documents_that_are_not_there(self, platform: Platform) -> None:
        whole = post(platform, {"query": "x", "document_ids": ["no-such"], "stream": False})
        assert whole.status_code == 404

    def test_nobody(self, platform: Platform) -> None:
        assert post(platform, {"query": "x"}, token="").status_code == 401
