"""Uploads: named, repeated, at the same time, too large, broken off."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.platform import Platform
from tests.server.files import documents_of, download, half_received, stored, unique
from tests.server.waiting import at_once, until


class TestUpload:
    def test_what_is_known_of_a_document(self, platform: Platform, collection: str) -> None:
        data = unique()
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            files={"file": ("heron.txt", data)},
            data={"collection_id": collection, "metadata": json.dumps({"author": "B. Reed"})},
            headers={"Authorization": f"Bearer {platform.token}"},
        )
        assert answer.status_code == 202
        accepted = answer.json()["result"]
        assert set(accepted) == {"document_id", "run_id", "unchanged"}
        document = platform.wait_for(accepted["document_id"])
        assert document["status"] == "complete"
        assert document["name"] == "heron.txt"
        assert document["size"] == len(data)
        assert document["sha256"] == hashlib.sha256(data).hexdigest()
        assert document["metadata"] == {"author": "B. Reed"}
        assert document["progress"] == 1
        assert document["page_count"] == 1
        assert document["chunk_count"] >= 1
        assert document["error"] is None
        assert document["run_id"] == accepted["run_id"]

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd.txt", "passwd.txt"),
            ("..\\..\\boot.txt", "boot.txt"),
            ("/absolute/path.txt", "path.txt"),
            ("Übergröße – 水.txt", "Übergröße – 水.txt"),
            ("a\u202eb\u0085c.txt", "abc.txt"),
            ("x" * 400 + ".txt", "x" * 251 + ".txt"),
            ("a; filename=b.txt", "a; filename=b.txt"),
        ],
    )
    def test_names_lose_paths_and_controls(self, platform: Platform, collection: str, given: str, kept: str) -> None:
        uploaded = platform.upload(collection, given, unique())
        assert uploaded.status_code == 202, uploaded.text
        document = platform.result("fetch_document", {"document_id": uploaded.json()["result"]["document_id"]})
        assert document["name"] == kept
        assert not list(platform.home.glob("**/passwd.txt"))

    @pytest.mark.parametrize(
        ("metadata", "words"),
        [
            ("{", "unexpected end"),
            ("[]", "must be a JSON object"),
            ('"x"', "must be a JSON object"),
            ("null", "must be a JSON object"),
            ("5", "must be a JSON object"),
            ('{"a": NaN}', "column 7"),
            ('{"a": 1e999}', "infinity"),
            ('{"a": "\\ud800"}', "surrogate"),
            ('{"a": ' + "[" * 300 + "]" * 300 + "}", "deeper than 240"),
        ],
    )
    def test_metadata_must_be_an_object(self, platform: Platform, collection: str, metadata: str, words: str) -> None:
        data = unique()
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            files={"file": ("heron.txt", data)},
            data={"collection_id": collection, "metadata": metadata},
            headers={"Authorization": f"Bearer {platform.token}"},
        )
        assert answer.status_code in (400, 422)
        assert answer.json()["error"]["field"] == "metadata"
        assert words in answer.json()["error"]["message"]
        assert not stored(platform, data)
        assert documents_of(platform, collection) == []

    @pytest.mark.parametrize("field", ["metadata", "file"])
    def test_a_field_that_is_too_long_is_named(self, platform: Platform, collection: str, field: str) -> None:
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            files={"collection_id": (None, collection), field: (None, "x" * (1 << 21))},
            headers={"Authorization": f"Bearer {platform.token}"},
        )
        assert answer.status_code == 413
        error = answer.json()["error"]
        assert (error["type"], error["field"]) == ("TooLarge", field)
        assert "1 MiB" in error["message"]
        assert documents_of(platform, collection) == []

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/json", b"{}"),
            ("multipart/form-data", b"no boundary"),
            ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
            ("multipart/form-data; boundary=x", b""),
            (
                "multipart/form-data; boundary=x",
                b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
            ),
            ("multipart/form-data; boundary=" + "y" * 3000, b"--y"),
            ("text/plain", b"words"),
        ],
    )
    def test_forms_that_are_none(self, platform: Platform, content_type: str, body: bytes) -> None:
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            content=body,
            headers={"Authorization": f"Bearer {platform.token}", "Content-Type": content_type},
        )
        assert answer.status_code in (400, 422), answer.text
        assert answer.json()["success"] is False

    def test_an_unknown_form_field_is_named(self, platform: Platform, collection: str) -> None:
        data = unique()
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            files={"file": ("heron.txt", data)},
            data={"collection_id": collection, "colour": "grey"},
            headers={"Authorization": f"Bearer {platform.token}"},
        )
        assert answer.status_code == 422
        assert answer.json()["error"]["field"] == "colour"
        assert not stored(platform, data)

    def test_many_files_in_one_form_are_refused(self, platform: Platform, collection: str) -> None:
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            files=[("file", ("a.txt", unique())), ("file", ("b.txt", unique()))],
            data={"collection_id": collection},
            headers={"Authorization": f"Bearer {platform.token}"},
        )
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["message"].endswith("Maximum number of files is 1.")
        assert documents_of(platform, collection) == []

    def test_the_type_of_a_form_is_told_in_any_case(self, platform: Platform, collection: str) -> None:
        parts = (("collection_id", "", collection.encode()), ("file", '; filename="heron.txt"', unique()))
        body = b"".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"
            for name, more, value in parts
        )
        answer = platform.http.post(
            f"{platform.url}/api/upload_document",
            content=body + b"--x--\r\n",
            headers={"Authorization": f"Bearer {platform.token}", "Content-Type": "Multipart/Form-Data; boundary=x"},
        )
        assert answer.status_code == 202, answer.text

    def test_somebody_elses_collection_keeps_no_file(self, platform: Platform, collection: str, stranger: str) -> None:
        data = unique()
        assert platform.upload(collection, "heron.txt", data, token=stranger).status_code == 404
        assert not stored(platform, data)
        assert half_received(platform) == []

    def test_the_same_bytes_twice_share_a_file(self, platform: Platform, collection: str) -> None:
        data = unique()
        first = platform.ingest(collection, "one.txt", data)
        second = platform.ingest(collection, "two.txt", data)
        assert first["id"] != second["id"]
        platform.result("delete_document", {"document_id": first["id"]})
        assert stored(platform, data)
        assert download(platform, second["id"]).content == data
        platform.result("delete_document", {"document_id": second["id"]})
        assert not stored(platform, data)


class TestIdempotency:
    def test_the_same_upload_again_changes_nothing(self, platform: Platform, collection: str) -> None:
        data, key = unique(), {"Idempotency-Key": "k1"}
        first = platform.upload(collection, "heron.txt", data, headers=key)
        again = platform.upload(collection, "heron.txt", data, headers=key)
        assert first.status_code == again.status_code == 202
        assert first.json() == again.json()
        assert len(documents_of(platform, collection)) == 1
        assert stored(platform, data)

    def test_another_file_under_the_same_key(self, platform: Platform, collection: str) -> None:
        other, key = unique(), {"Idempotency-Key": "k2"}
        assert platform.upload(collection, "heron.txt", unique(), headers=key).status_code == 202
        refused = platform.upload(collection, "heron.txt", other, headers=key)
        assert refused.status_code == 409
        assert refused.json()["error"]["field"] == "Idempotency-Key"
        assert not stored(platform, other)

    def test_a_key_of_a_newer_content_brings_it_back_no_more(self, platform: Platform, collection: str) -> None:
        """Each upload has a key of its own; the second is sent once more when a third has taken its place."""
        contents = [unique() for _ in range(3)]

        def send(number: int, data: bytes) -> httpx.Response:
            headers = {"Idempotency-Key": f"version {number}"}
            return platform.upload(collection, "heron.txt", data, headers=headers, fields={"source": "heron"})

        def is_there(document: str, version: int) -> bool:
            state: dict[str, Any] = platform.result("fetch_document", {"document_id": document})
            return (state["version"], state["status"], state["update"]) == (version, "complete", None)

        answers: list[str] = []
        document = ""
        for number, data in enumerate(contents):
            answers.append(send(number, data).text)
            document = str(json.loads(answers[-1])["result"]["document_id"])
            until(lambda d=document, n=number: is_there(d, n + 1), 60)
        assert [send(number, data).text for number, data in enumerate(contents)] == answers
        assert is_there(document, 3)
        assert download(platform, document).content == contents[2]
        assert send(1, unique()).status_code == 409

    def test_keys_belong_to_a_collection(self, platform: Platform, collection: str) -> None:
        elsewhere = platform.result("create_document_collection", {"name": "elsewhere"})["id"]
        key = {"Idempotency-Key": "k3"}
        first = platform.upload(collection, "heron.txt", unique(), headers=key).json()["result"]
        second = platform.upload(elsewhere, "heron.txt", unique(), headers=key).json()["result"]
        assert first["document_id"] != second["document_id"]

    def test_a_key_that_is_too_long(self, platform: Platform, collection: str) -> None:
        refused = platform.upload(collection, "heron.txt", unique(), headers={"Idempotency-Key": "k" * 201})
        assert refused.status_code == 422


class TestAtOnce:
    def test_the_same_upload_by_many(self, platform: Platform, collection: str) -> None:
        data, key = unique(), {"Idempotency-Key": "k"}

        def upload(_: int) -> str:
            return platform.upload(collection, "heron.txt", data, headers=key).text

        uploads = at_once(upload, 8)
        assert len(set(uploads)) == 1
        assert len(documents_of(platform, collection)) == 1

    def test_deleting_one_of_two_like_files_never_takes_the_others_bytes(
        self, platform: Platform, collection: str
    ) -> None:
        data = unique()

        intact: list[bool] = []

        def come_and_go(_: int) -> None:
            for _ in range(20):
                document = platform.upload(collection, "heron.txt", data).json()["result"]["document_id"]
                intact.append(download(platform, document).content == data)
                platform.result("delete_document", {"document_id": document})

        at_once(come_and_go, 4)
        assert intact == [True] * 80
        assert not stored(platform, data)
        assert half_received(platform) == []


class TestTooLarge:
    """The limit is 200 MiB for a file; the parts of 300 MiB are made as they are sent."""

    @staticmethod
    def form(collection: str, mebibytes: int) -> Iterator[bytes]:
        field = f'--x\r\nContent-Disposition: form-data; name="collection_id"\r\n\r\n{collection}\r\n'
        yield (field + '--x\r\nContent-Disposition: form-data; name="file"; filename="zeros.txt"\r\n\r\n').encode()
        part = bytes(1 << 20)
        for _ in range(mebibytes):
            yield part
        yield b"\r\n--x--\r\n"

    @pytest.mark.parametrize("tells_length", [True, False])
    def test_the_client_hears_why(self, platform: Platform, collection: str, tells_length: bool) -> None:
        headers = {"Authorization": f"Bearer {platform.token}", "Content-Type": "multipart/form-data; boundary=x"}
        if tells_length:
            size = sum(len(part) for part in self.form(collection, 0)) + (300 << 20)
            headers["Content-Length"] = str(size)
        answer = platform.http.post(
            f"{platform.url}/api/upload_document", content=self.form(collection, 300), headers=headers
        )
        assert answer.status_code == 413
        assert "200 MiB" in answer.json()["error"]["message"]
        assert documents_of(platform, collection) == []
        assert half_received(platform) == []


class TestDroppedConnection:
    def test_an_upload_that_breaks_off_leaves_nothing(self, platform: Platform, collection: str) -> None:
        address = urlsplit(platform.url)
        head = (
            f"POST /api/upload_document HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {platform.token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 50000000\r\n\r\n"
            f'--x\r\nContent-Disposition: form-data; name="collection_id"\r\n\r\n{collection}\r\n'
            '--x\r\nContent-Disposition: form-data; name="file"; filename="half.txt"\r\n\r\n'
        )
        with socket.create_connection((address.hostname or "", address.port or 0)) as connection:
            connection.sendall(head.encode() + b"words " * 500_000)
        until(lambda: half_received(platform) == [])
        assert documents_of(platform, collection) == []
        assert platform.upload(collection, "whole.txt", unique()).status_code == 202
