"""The gateway between upstreams that misbehave and clients that do: each is told what happened, nobody else notices."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.platform import Platform
from tests.server.scripted import Scripted
from tests.server.scripted_upstream import KEY, LONG, TORRENT
from tests.server.waiting import until

HELLO: Any = [{"role": "user", "content": "Hello"}]
CHAT = "/v1/chat/completions"


def post(models: Platform, model: str, path: str = CHAT, **more: Any) -> httpx.Response:
    """A request as bytes, with the fields that every format takes."""
    body = {"model": model, "messages": HELLO, "max_tokens": 50, "input": "Hello"} | more
    if path == "/v1/responses":
        del body["messages"], body["max_tokens"]
    elif path == "/v1/messages":
        del body["input"]
    headers = {"Authorization": f"Bearer {models.key}"}
    return models.http.post(f"{models.url}{path}", json=body, headers=headers)


def send(models: Platform, body: dict[str, Any], *, receive_buffer: int | None = None) -> socket.socket:
    """A request on a connection of its own, of whose answer nothing is read."""
    where = urlsplit(models.url)
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.connect((where.hostname, where.port))
    data = json.dumps(body).encode()
    connection.sendall(
        f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {models.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
    )
    return connection


def server_process(models: Platform) -> psutil.Process:
    children = psutil.Process(models.pid).children(recursive=True)
    return next(child for child in children if child.cmdline()[-1] == "inference.server")


def error_of(answer: httpx.Response) -> dict[str, Any]:
    return answer.json()["error"]


class TestTryingAgain:
    def test_what_passes_is_tried_again(self, models: Platform, scripted: Scripted) -> None:
        before = len(scripted.seen("flaky"))
        answer = post(models, "openai/flaky")
        assert answer.status_code == 200
        assert len(scripted.seen("flaky")) == before + 3, "once 503, once a reset, and then an answer"

    def test_what_stays_is_passed_on_as_it_is(self, models: Platform, scripted: Scripted) -> None:
        before = len(scripted.seen("broken"))
        answer = post(models, "openai/broken")
        assert (answer.status_code, answer.json()) == (500, {"error": {"message": "it is broken"}})
        assert len(scripted.seen("broken")) == before + 3

    def test_who_asks_for_a_long_pause_is_not_asked_again(self, models: Platform, scripted: Scripted) -> None:
        before = len(scripted.seen("limited"))
        answer = post(models, "openai/limited")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
        assert len(scripted.seen("limited")) == before + 1

    def test_a_storm_of_refusals_is_not_made_heavier(self, models: Platform, scripted: Scripted) -> None:
        statuses = {post(models, "openai/storm").status_code for _ in range(40)}
        assert statuses == {429}
        assert len(scripted.seen("storm")) <= 40 + 10 + 40 * 0.2 + 1, "tries again are a fifth, after the first ten"

    def test_an_upstream_that_fails_on_and_on_is_left_alone(self, models: Platform, scripted: Scripted) -> None:
        for _ in range(5):
            post(models, "openai/reset")
        before = len(scripted.seen("reset"))
        answer = post(models, "openai/reset")
        assert (answer.status_code, len(scripted.seen("reset"))) == (503, before)
        assert "left alone" in error_of(answer)["message"]
        assert answer.headers["retry-after"]


class TestRoutes:
    @pytest.fixture(autouse=True)
    def switched_on(self, scripted: Scripted) -> None:
        scripted.set(works=True)

    def test_an_alias_with_defaults(self, models: Platform, scripted: Scripted) -> None:
        defaults = {"temperature": 0.25, "seed": 5}
        models.result("set_model_route", {"name": "quick", "model": "openai/talk", "defaults": defaults})
        answer = eventually(models, "quick", seed=6)
        assert answer.headers["x-penstock-model"] == "openai/talk"
        body = scripted.seen("talk")[-1].body
        assert (body["model"], body["temperature"], body["seed"]) == ("talk", 0.25, 6)
        listed = models.http.get(f"{models.url}/v1/models", headers={"Authorization": f"Bearer {models.key}"}).json()
        assert "quick" in [model["id"] for model in listed["data"]]
        models.result("delete_model_route", {"name": "quick"})

    @pytest.mark.parametrize("path", [CHAT, "/v1/messages", "/v1/responses"])
    def test_a_fallback_says_that_it_answered(self, models: Platform, scripted: Scripted, path: str) -> None:
        route = {"name": "steady", "model": "openai/switch", "fallbacks": ["openai/silent", "openai/talk"]}
        models.result("set_model_route", route)
        assert eventually(models, "steady").headers["x-penstock-model"] == "openai/switch"
        scripted.set(works=False)
        answer = post(models, "steady", path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-penstock-model"] == "openai/talk"
        assert answer.json()["model"] in ("talk", "openai/talk")

    def test_without_one_no_other_answers(self, models: Platform) -> None:
        models.result("set_model_route", {"name": "gone", "model": "openai/none", "fallbacks": ["nobody/none"]})
        answer = post(models, "nobody/none")
        assert answer.status_code == 404
        models.result("set_model_route", {"name": "lost", "model": "nobody/none", "fallbacks": ["openai/talk"]})
        time.sleep(0.3)
        answer = post(models, "lost")
        assert (answer.status_code, error_of(answer)["code"]) == (404, "model_not_found")

    @pytest.mark.parametrize(
        "route",
        [
            {"name": "toolchain/rag", "model": "openai/talk"},
            {"name": "x", "model": "y", "defaults": {"messages": []}},
            {"name": "a b", "model": "y"},
            {"name": "x", "model": "y", "fallbacks": ["m"] * 9},
        ],
    )
    def test_routes_that_cannot_be(self, models: Platform, route: dict[str, Any]) -> None:
        assert models.call("set_model_route", route).status_code == 422


def eventually(models: Platform, model: str, **more: Any) -> httpx.Response:
    """The answer of a name that was set a moment ago."""
    deadline = time.monotonic() + 10
    while (answer := post(models, model, **more)).status_code == 404 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    return answer


class TestUpstreamsThatMisbehave:
    def test_half_a_chunk_and_then_nothing(self, models: Platform, scripted: Scripted) -> None:
        answer = post(models, "openai/half", stream=True)
        *_, last = answer.content.strip().split(b"\n\n")
        error = json.loads(last.removeprefix(b"data: "))["error"]
        assert (answer.status_code, error["type"]) == (200, "timeout_error")
        assert scripted.hung_up("half"), "a stream that nobody waits for any more is ended"

    @pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses"])
    def test_half_a_chunk_translated(self, models: Platform, path: str) -> None:
        answer = post(models, "openai/half", path, stream=True)
        *_, last = answer.text.strip().split("\n\n")
        assert last.startswith(("event: error", "event: response.failed"))
        assert "does not answer in the middle" in last

    def test_one_that_never_begins(self, models: Platform, scripted: Scripted) -> None:
        answer = post(models, "openai/silent")
        assert (answer.status_code, error_of(answer)["type"]) == (504, "timeout_error")
        assert scripted.hung_up("silent")

    def test_bytes_that_are_no_text_are_passed_on(self, models: Platform) -> None:
        answer = post(models, "openai/garbage", stream=True)
        assert b"\xff\xfe" in answer.content
        assert answer.content.endswith(b"data: [DONE]\n\n")

    @pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses"])
    def test_bytes_that_are_no_text_cannot_be_translated(self, models: Platform, path: str) -> None:
        answer = post(models, "openai/garbage", path, stream=True)
        *_, last = answer.text.strip().split("\n\n")
        assert last.startswith(("event: error", "event: response.failed"))

    @pytest.mark.parametrize("path", [CHAT, "/v1/messages", "/v1/responses"])
    def test_a_line_of_ten_megabytes(self, models: Platform, path: str) -> None:
        answer = post(models, "openai/long-line", path, stream=True)
        assert answer.content.count(b"x") >= LONG
        assert answer.content.rstrip().endswith((b"data: [DONE]", b"}"))

    @pytest.mark.parametrize("stream", [False, True])
    @pytest.mark.parametrize("path", [CHAT, "/v1/messages", "/v1/responses"])
    def test_a_page_instead_of_an_answer(self, models: Platform, path: str, *, stream: bool) -> None:
        answer = post(models, "openai/html", path, stream=stream)
        assert answer.status_code == 502
        assert "text/html" in error_of(answer)["message"]
        assert "hotel" not in answer.text

    def test_a_redirect_is_not_followed(self, models: Platform) -> None:
        assert post(models, "openai/redirect").status_code == 502

    def test_a_key_that_the_provider_refuses(self, models: Platform) -> None:
        answer = post(models, "openai/wrong-key")
        assert answer.status_code == 502, "401 would say that the caller's own key is wrong"
        assert KEY not in answer.text

    def test_one_that_knows_no_stream_options(self, models: Platform, scripted: Scripted) -> None:
        for _ in range(2):
            assert b"said" in post(models, "openai/strict", stream=True).content
        assert [("stream_options" in seen.body) for seen in scripted.seen("strict")][:3] == [True, False, False]

    @pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses"])
    def test_one_that_knows_no_stream_options_translated(self, models: Platform, path: str) -> None:
        answer = post(models, "openai/strict", path, stream=True)
        assert "said" in answer.text
        assert "error" not in answer.text.replace('"error":null', "")

    def test_an_answer_of_many_megabytes(self, models: Platform) -> None:
        answer = post(models, "openai/large")
        assert len(answer.json()["x"]) == 12 << 20


class TestClientsThatMisbehave:
    @pytest.mark.parametrize("stream", [False, True])
    def test_one_that_goes_before_the_first_byte(self, models: Platform, scripted: Scripted, *, stream: bool) -> None:
        before = scripted._get("hung_up").get("silent", 0)  # pyright: ignore[reportPrivateUsage] - its own counter
        asked = len(scripted.seen("silent"))
        connection = send(models, {"model": "openai/silent", "messages": HELLO, "stream": stream})
        until(lambda: len(scripted.seen("silent")) > asked)
        connection.close()
        assert scripted.hung_up("silent", before + 1)

    def test_one_that_goes_in_the_middle(self, models: Platform, scripted: Scripted) -> None:
        connection = send(models, {"model": "openai/endless", "messages": HELLO, "stream": True})
        assert connection.recv(100)
        connection.close()
        assert scripted.hung_up("endless")

    def test_one_that_reads_slowly_slows_the_upstream_down(self, models: Platform, scripted: Scripted) -> None:
        process = server_process(models)
        before = process.memory_info().rss
        connection = send(models, {"model": "openai/torrent", "messages": HELLO, "stream": True}, receive_buffer=4096)
        for _ in range(20):  # a byte at a time
            assert connection.recv(1)
            time.sleep(0.1)
        assert scripted.written("torrent") < TORRENT / 4, "the upstream was read faster than the client reads"
        assert process.memory_info().rss - before < TORRENT / 4
        connection.close()
        assert scripted.hung_up("torrent")

    def test_a_body_of_a_hundred_megabytes_is_refused_unread(self, models: Platform) -> None:
        where = urlsplit(models.url)
        with socket.create_connection((where.hostname, where.port)) as connection:
            connection.sendall(
                f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {models.key}\r\n"
                f"Content-Length: {100 << 20}\r\n\r\n".encode()
            )
            connection.settimeout(10)
            assert connection.recv(100).startswith(b"HTTP/1.1 413"), "before a byte of the body was sent"

    def test_a_body_without_a_length_is_refused_at_the_limit(self, models: Platform) -> None:
        def parts() -> Any:
            for _ in range(100):
                yield b"x" * (1 << 20)

        headers = {"Authorization": f"Bearer {models.key}"}
        try:
            answer = models.http.post(f"{models.url}{CHAT}", content=parts(), headers=headers)
        except httpx.WriteError:
            return  # refused before all of it was sent
        assert answer.status_code == 413


class TestRequestIds:
    def test_ones_own_goes_through(self, models: Platform, scripted: Scripted) -> None:
        headers = {"Authorization": f"Bearer {models.key}", "X-Request-Id": "mine-42"}
        body = {"model": "openai/talk", "messages": HELLO}
        answer = models.http.post(f"{models.url}{CHAT}", json=body, headers=headers)
        assert answer.headers["x-request-id"] == "mine-42"
        lowered = {name.lower(): value for name, value in scripted.seen("talk")[-1].headers.items()}
        assert lowered["x-request-id"] == "mine-42"

    @pytest.mark.parametrize("given", ["", "a b", "x" * 200, "é", '"'])
    def test_one_that_cannot_be_written_down_is_replaced(self, models: Platform, given: str) -> None:
        headers: Any = {"Authorization": f"Bearer {models.key}", "X-Request-Id": given.encode()}
        answer = models.http.post(f"{models.url}{CHAT}", json={}, headers=headers)
        assert len(answer.headers["x-request-id"]) == 36


def test_secrets_are_in_no_log(models: Platform) -> None:
    post(models, "openai/talk")
    post(models, "openai/broken")
    headers = {"x-api-key": models.key}
    body = {"model": "openai/talk", "messages": HELLO, "max_tokens": 5}
    assert models.http.post(f"{models.url}/v1/messages", json=body, headers=headers).status_code == 200
    logs = [path.read_text(errors="replace") for path in Path(models.home / "log").iterdir()]
    assert any("DEBUG" in log for log in logs), "the logs tell everything that they ever do"
    for secret in (models.key, models.token, KEY):
        assert not [log for log in logs if secret in log]


def test_every_path_is_described(models: Platform) -> None:
    headers = {"Authorization": f"Bearer {models.key}"}
    paths = models.http.get(f"{models.url}/openapi.json", headers=headers).json()["paths"]
    ours = ("chat/completions", "completions", "embeddings", "responses", "messages", "messages/count_tokens")
    for path in ours:
        assert "post" in paths[f"/v1/{path}"], path
        wrong = models.http.get(f"{models.url}/v1/{path}", headers=headers)
        assert wrong.status_code == 405, path
