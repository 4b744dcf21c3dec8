"""The shape of every answer: envelopes, errors that name the field, headers, help and the description of routes."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from inference.composer import running as of_composer
from inference.functions import functions
from tests.platform import Platform

NAMES = {*functions(), of_composer.run_toolchain.__name__}  # the composer's are registered where it is imported


def error_of(response: httpx.Response) -> dict[str, Any]:
    """The error in an answer of /api."""
    body = response.json()
    assert body["success"] is False
    assert set(body) == {"success", "error"}
    return body["error"]


def post(platform: Platform, path: str, content: bytes, **headers: str) -> httpx.Response:
    """Raw bytes as the administrator."""
    return platform.http.post(
        f"{platform.url}{path}",
        content=content,
        headers={"Authorization": f"Bearer {platform.token}", "Content-Type": "application/json"} | headers,
        timeout=60,
    )


class TestEnvelope:
    def test_success(self, platform: Platform) -> None:
        body = platform.call("fetch_user").json()
        assert body["success"] is True
        assert body["result"]["username"] == "ann"

    def test_an_empty_body_is_an_empty_object(self, platform: Platform) -> None:
        assert post(platform, "/api/fetch_user", b"").status_code == 200

    @pytest.mark.parametrize("path", ["/api/no_such_function", "/api/", "/api/a/b/c", "/api/runs/x"])
    def test_what_is_not_there(self, platform: Platform, path: str) -> None:
        response = post(platform, path, b"{}")
        assert response.status_code == 404, response.text
        assert error_of(response)["type"] == "NotFound"

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
    def test_another_method(self, platform: Platform, method: str) -> None:
        response = platform.http.request(method, f"{platform.url}/api/fetch_user")
        assert response.status_code in (404, 405)
        assert "POST" in error_of(response)["message"]

    def test_errors_have_their_request_id_in_body_and_header(self, platform: Platform) -> None:
        first, second = platform.call("fetch_collection"), platform.call("fetch_collection")
        assert error_of(first)["request_id"] == first.headers["x-request-id"]
        assert error_of(first)["request_id"] != error_of(second)["request_id"]

    def test_nobody_is_asked_to_log_in(self, platform: Platform) -> None:
        response = platform.call("fetch_user", token="")
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert error_of(response)["type"] == "NotAuthenticated"


class TestBadInput:
    @pytest.mark.parametrize(
        "body", [b"{", b"{'a': 1}", b"nul", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b'{"a": NaN}', b"\0", b"{}{}"]
    )
    def test_what_is_not_json(self, platform: Platform, body: bytes) -> None:
        response = post(platform, "/api/create_document_collection", body)
        assert response.status_code == 400
        assert error_of(response)["type"] == "MalformedRequest"

    @pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"])
    def test_what_is_not_an_object(self, platform: Platform, body: bytes) -> None:
        response = post(platform, "/api/create_document_collection", body)
        assert response.status_code == 400
        assert "object" in error_of(response)["message"]

    def test_an_unknown_argument_is_named(self, platform: Platform) -> None:
        response = platform.call("create_document_collection", {"name": "x", "colour": "blue"})
        assert response.status_code == 422
        assert error_of(response)["field"] == "colour"

    def test_a_missing_argument_is_named(self, platform: Platform) -> None:
        response = platform.call("create_document_collection", {"description": "x"})
        assert response.status_code == 422
        assert error_of(response)["field"] == "name"

    @pytest.mark.parametrize(
        ("function", "body", "field"),
        [
            ("create_document_collection", {"name": 5}, "name"),
            ("create_document_collection", {"name": ["x"]}, "name"),
            ("create_document_collection", {"name": ""}, "name"),
            ("create_document_collection", {"name": "x" * 201}, "name"),
            ("create_document_collection", {"name": "x", "metadata": []}, "metadata"),
            ("create_document_collection", {"name": "x", "metadata": {"k": "v" * 70_000}}, "metadata"),
            ("create_document_collection", {"name": "x", "language": "klingon"}, "language"),
            ("create_document_collection", {"name": "x", "language": "english; DROP TABLE users"}, "language"),
            ("search_hybrid", {"query": "x", "collection_ids": [], "limit": 0}, "limit"),
            ("search_hybrid", {"query": "x", "collection_ids": [], "limit": 101}, "limit"),
            ("search_hybrid", {"query": "x", "collection_ids": [], "limit": "many"}, "limit"),
            ("search_hybrid", {"query": "x", "collection_ids": [7]}, "collection_ids.0"),
            ("search_hybrid", {"query": "x", "collection_ids": [], "filter": {"colour": 1}}, "filter.colour"),
            ("search_hybrid", {"query": "x", "collection_ids": [], "filter": {"uploaded_after": "soon"}}, "filter."),
            ("fetch_runs", {"status": "bored"}, "status"),
            ("fetch_document_page", {"document_id": "x", "page": 0}, "page"),
            ("fetch_document_page", {"document_id": "x", "page": 2**40}, "page"),
            ("add_user", {"username": "a b", "password": "long enough"}, "username"),
            ("run_toolchain", {"toolchain_id": "chat", "thread_id": "x"}, "thread_id"),
            ("run_toolchain", {"toolchain_id": "chat", "version": 2**40}, "version"),
            ("create_api_key", {"title": "x", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
            ("create_api_key", {"title": "x", "scopes": ["no:such"]}, "scopes"),
            ("load_model", {"model": "no-such-model"}, "model"),
        ],
    )
    def test_a_value_that_cannot_be_used_is_named(
        self, platform: Platform, function: str, body: dict[str, Any], field: str
    ) -> None:
        response = platform.call(function, body)
        assert response.status_code in (404, 422), response.text
        assert (error_of(response).get("field") or "").startswith(field)

    @pytest.mark.parametrize(
        ("function", "body", "field"),
        [
            ("create_document_collection", {"name": "a\0b"}, "name"),
            ("create_document_collection", {"name": "x", "metadata": {"tags": ["a", "\0"]}}, "metadata.tags.1"),
            ("search_bm25", {"query": "\0", "collection_ids": []}, "query"),
            ("login", {"username": "\0", "password": "x"}, "username"),
            ("run_toolchain", {"toolchain_id": "chat", "input": {"question": "a\0"}}, "input.question"),
        ],
    )
    def test_nul_is_refused_by_name(self, platform: Platform, function: str, body: dict[str, Any], field: str) -> None:
        response = platform.call(function, body)
        assert response.status_code == 422, response.text
        assert error_of(response)["field"] == field

    @pytest.mark.parametrize("depth", [100, 239, 241, 500, 5000])
    def test_nesting_is_kept_or_refused(self, platform: Platform, depth: int) -> None:
        nested = b"[" * depth + b"]" * depth
        response = post(
            platform, "/api/create_document_collection", b'{"name": "deep", "metadata": {"a": %s}}' % nested
        )
        assert response.status_code == (200 if depth < 239 else 400), response.text
        if response.status_code == 200:
            kept = platform.result("fetch_collection", {"collection_id": response.json()["result"]["id"]})
            assert json.dumps(kept["metadata"]["a"]).replace(" ", "").encode() == nested

    def test_text_about_escapes_is_kept_as_it_is(self, platform: Platform) -> None:
        metadata = {"about": "\\u0000 and \\\\u0000", "emoji": "🌊", "combining": "e\u0301"}
        made = platform.result("create_document_collection", {"name": "escapes", "metadata": metadata})
        assert made["metadata"] == metadata

    def test_a_body_past_the_limit(self, platform: Platform) -> None:
        response = post(platform, "/api/search_hybrid", b'{"query": "%s"}' % (b"x" * (17 * 1024 * 1024)))
        assert response.status_code == 413
        assert "16 MiB" in error_of(response)["message"]

    def test_a_body_past_the_limit_that_does_not_say_its_length(self, platform: Platform) -> None:
        parts = (b"x" * 1024 * 1024 for _ in range(20))
        response = platform.http.post(
            f"{platform.url}/api/search_hybrid",
            content=parts,
            headers={"Authorization": f"Bearer {platform.token}"},
            timeout=60,
        )
        assert response.status_code == 413


class TestHelp:
    def test_all_functions_with_their_schemas(self, platform: Platform) -> None:
        told = {entry["name"]: entry for entry in get(platform, "/api/help").json()["result"]["functions"]}
        assert set(told) == NAMES
        for entry in told.values():
            assert entry["description"]
            assert entry["request"]["type"] == "object"
            assert entry["request"]["additionalProperties"] is False, entry["name"]

    def test_one_function(self, platform: Platform) -> None:
        told = get(platform, "/api/help/search_hybrid").json()["result"]
        assert told["request"]["required"] == ["query", "collection_ids"]
        assert "hits" in told["response"]["properties"]
        assert told["read_only"] is True
        assert told["node"] is True
        assert get(platform, "/api/help/load_model").json()["result"]["read_only"] is False
        assert get(platform, "/api/help/upload_document").json()["result"]["node"] is False

    def test_an_unknown_function(self, platform: Platform) -> None:
        response = get(platform, "/api/help/no_such_function")
        assert response.status_code == 404
        assert error_of(response)["field"] == "function"


class TestOpenApi:
    def test_it_covers_every_route(self, platform: Platform) -> None:
        paths = get(platform, "/openapi.json").json()["paths"]
        expected = {f"/api/{name}" for name in NAMES} | {
            "/api/help", "/api/help/{function}", "/api/runs/{run_id}/events", "/v1/models", "/v1/models/{model}",
            "/v1/query", "/v1/query/{run_id}", "/v1/chat/completions", "/v1/embeddings", "/healthz", "/readyz",
            "/metrics",
        }  # fmt: skip
        assert expected <= set(paths)

    def test_security_that_it_names_is_described(self, platform: Platform) -> None:
        schema = get(platform, "/openapi.json").json()
        operations = [operation for path in schema["paths"].values() for operation in path.values()]
        named = {name for operation in operations for one in operation.get("security", []) for name in one}
        assert named == set(schema["components"]["securitySchemes"])

    def test_every_operation_tells_what_it_takes(self, platform: Platform) -> None:
        paths = get(platform, "/openapi.json").json()["paths"]
        for path, operations in paths.items():
            for method, operation in operations.items():
                assert operation.get("summary") or operation.get("description"), (method, path)
                if method == "post":
                    assert operation["requestBody"]["content"], path


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/healthz", "/api/help", "/api/no_such", "/v1/models", "/assets/no.js"])
    def test_security_headers_are_on_every_answer(self, platform: Platform, path: str) -> None:
        headers = get(platform, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0]
        assert "server" not in headers
        assert not [name for name in headers if name.startswith("access-control-")]

    @pytest.mark.parametrize("body", [b'{"model": "no-such"}', b'{"model": "all-MiniLM-L6-v2", "input": "x"}', b"{"])
    def test_they_are_on_the_token_path_too(self, platform: Platform, body: bytes) -> None:
        headers = post(platform, "/v1/embeddings", body).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]

    def test_a_page_of_another_site_is_refused(self, platform: Platform) -> None:
        for path in ("/api/login", "/api/create_api_key", "/api/upload_document", "/v1/query"):
            response = post(platform, path, b"{}", Origin="https://evil.example")
            assert response.status_code == 403, path
            assert "access-control-allow-origin" not in response.headers
        assert post(platform, "/api/fetch_user", b"{}", Origin=platform.url).status_code == 200
        assert post(platform, "/api/fetch_user", b"{}", Origin="null").status_code == 403

    def test_preflights_are_not_answered(self, platform: Platform) -> None:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        for path in ("/api/fetch_user", "/v1/chat/completions"):
            response = platform.http.options(f"{platform.url}{path}", headers=asked)
            assert response.status_code >= 400
            assert not [name for name in response.headers if name.startswith("access-control-")]

    def test_a_request_id_of_the_callers_is_not_echoed_into_headers(self, platform: Platform) -> None:
        response = platform.http.get(f"{platform.url}/healthz", headers={"X-Request-Id": "mine"})
        assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["x-request-id"])


class TestMetrics:
    def test_requests_are_counted_by_route_not_by_path(self, platform: Platform) -> None:
        platform.call("fetch_user")
        platform.call("a-path-that-nobody-has-ever-asked-for")
        platform.http.get(f"{platform.url}/another-unheard-of-path")
        text = get(platform, "/metrics").text
        assert 'penstock_http_requests_total{route="/api/fetch_user",status="200"}' in text
        assert "unheard-of" not in text
        assert "nobody-has-ever" not in text


class TestPages:
    def test_paths_of_the_application_get_its_page(self, platform: Platform) -> None:
        page = platform.http.get(f"{platform.url}/documents/some-id?page=3")
        assert page.status_code in (200, 503)
        assert page.headers["content-type"].startswith("text/")

    @pytest.mark.parametrize(
        "path",
        ["/assets/../../../etc/passwd", "/..%2f..%2fpyproject.toml", "/%2e%2e/%2e%2e/pyproject.toml", "//etc/passwd"],
    )
    def test_no_path_leads_out_of_the_ui(self, platform: Platform, path: str) -> None:
        response = platform.http.get(f"{platform.url}{path}")
        assert "root:" not in response.text
        assert "[project]" not in response.text
        assert response.status_code < 500 or response.status_code == 503


def get(platform: Platform, path: str) -> httpx.Response:
    """GET as the administrator."""
    return platform.http.get(f"{platform.url}{path}", headers={"Authorization": f"Bearer {platform.token}"})
