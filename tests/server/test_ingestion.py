"""Files of every kind become searchable; bad ones become a failed document with its reason, and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Any

import pytest

from tests import documents
from tests.manual import FACTS, NAME
from tests.platform import Platform
from tests.server.conftest import Library
from tests.server.streams import follow
from tests.server.waiting import until


def scratch(platform: Platform, run: str) -> list[Path]:
    """What a run's steps have left for each other."""
    return [path for path in (platform.home / "objects" / "scratch").glob(f"**/{run}/**/*") if path.is_file()]


def hits(platform: Platform, library: Library, query: str, function: str = "search_bm25") -> list[dict[str, Any]]:
    """What the library's search finds."""
    body = {"query": query, "collection_ids": [library.collection], "limit": 3}
    return platform.result(function, body)["hits"]


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "pages", "word", "page", "meaning"),
        [
            (NAME, 6, "Halden", 6, "firm that delivered the controls"),
            ("orchard.docx", 2, "windfalls", 2, "making an alcoholic drink from fruit"),
            ("valves.html", 1, "exercised", 1, "keeping gate valves moving"),
            ("bees.md", 1, "colony", 1, "insects that make honey"),
            ("tram.txt", 1, "fishermen", 1, "public transport early in the morning"),
        ],
    )
    def test_found_by_a_word_and_by_meaning(
        self, platform: Platform, library: Library, name: str, pages: int, word: str, page: int, meaning: str
    ) -> None:
        assert library.documents[name]["page_count"] == pages
        by_word = hits(platform, library, word)[0]
        assert (by_word["document_name"], by_word["page"] <= page <= by_word["page_end"]) == (name, True)
        assert word in by_word["text"]
        assert hits(platform, library, meaning, "search_dense")[0]["document_name"] == name

    @pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.answer)
    def test_facts_of_the_manual_are_found_on_their_pages(
        self, platform: Platform, library: Library, fact: Any
    ) -> None:
        found = [hit for hit in hits(platform, library, fact.question, "search_hybrid") if fact.answer in hit["text"]]
        assert found, f"none of the first three passages says {fact.answer!r}"
        assert any(hit["page"] <= fact.page <= hit["page_end"] for hit in found)

    def test_scripts_and_menus_of_pages_are_not_text(self, platform: Platform, library: Library) -> None:
        page = platform.result("fetch_document_page", {"document_id": library.documents["valves.html"]["id"]})["text"]
        assert "never shown" not in page
        assert "color: red" not in page

    def test_offsets_lead_to_the_passage(self, platform: Platform, library: Library) -> None:
        for query in ("pressure", "cider", "valves", "brood", "tram"):
            for hit in hits(platform, library, query):
                body = {"document_id": hit["document_id"], "page": hit["page"]}
                text = platform.result("fetch_document_page", body)["text"]
                if hit["page"] == hit["page_end"]:
                    assert text[hit["start"] : hit["end"]] == hit["text"]
                else:
                    assert hit["text"].startswith(text[hit["start"] :][:20])

    def test_nothing_is_left_in_scratch(self, platform: Platform, library: Library) -> None:
        runs = [document["run_id"] for document in library.documents.values()]
        until(lambda: not [path for run in runs for path in scratch(platform, run)])

    def test_progress_is_told_while_it_runs(self, platform: Platform, library: Library) -> None:
        events = follow(platform, f"/api/runs/{library.documents[NAME]['run_id']}/events")
        told = [event.data["value"] for event in events if event.name == "state"]
        stages = list(dict.fromkeys(value["stage"] for value in told))
        assert stages == ["parsing", "chunking", "indexing", "embedding", "storing"]
        parts = [value["progress"] for value in told]
        assert parts == sorted(parts)
        assert 0 <= parts[0] <= parts[-1] <= 1
        nodes = [event.data["node"] for event in events if event.name == "node_started"]
        assert nodes == ["parse", "words", "embed", "publish"]


BAD = {
    "locked.pdf": (documents.encrypted_pdf, "password"),
    "broken.pdf": (documents.broken_pdf, ""),
    "scanned.pdf": (documents.scanned_pdf, ""),
    "picture.pdf": (documents.png, ""),
    "words.docx": (lambda: b"Just words, no Word document.", ""),
    "archive.docx": (documents.archive, ""),
    "manual.docx": (lambda: documents.pdf(["A PDF by another name."]), "PDF"),
    "bomb.docx": (documents.docx_bomb, ""),
    "lying-bomb.docx": (documents.lying_docx_bomb, ""),
    "laughs.docx": (documents.entity_bomb, ""),
    "program.exe": (lambda: b"MZ\x90\0\x03" + bytes(500), ""),
    "nothing.txt": (lambda: b" \n\t \n", ""),
    "binary.txt": (lambda: secrets.token_bytes(2000), ""),
    "no-extension": (lambda: b"\x7fELF" + bytes(500), ""),
}


@pytest.fixture(scope="module")
def failures(platform: Platform) -> dict[str, dict[str, Any]]:
    """Every bad file, uploaded at once, when its ingestion has ended."""
    collection = platform.result("create_document_collection", {"name": "bad files"})["id"]
    uploads = {name: platform.upload(collection, name, make()) for name, (make, _) in BAD.items()}
    assert {name: r.status_code for name, r in uploads.items()} == dict.fromkeys(BAD, 202)
    return {name: platform.wait_for(r.json()["result"]["document_id"]) for name, r in uploads.items()}


class TestBadFiles:
    @pytest.mark.parametrize("name", BAD)
    def test_each_fails_with_words_and_leaves_nothing(
        self, platform: Platform, failures: dict[str, dict[str, Any]], name: str
    ) -> None:
        document = failures[name]
        assert document["status"] == "failed"
        assert len(document["error"]) > 20
        assert BAD[name][1] in document["error"]
        assert "Traceback" not in document["error"]
        assert "unforeseen" not in document["error"]
        assert document["chunk_count"] == document["page_count"] == 0
        run = platform.result("fetch_run", {"run_id": document["run_id"]})
        assert run["status"] == "failed"
        assert run["error"]["message"] == document["error"]
        assert run["error"]["node"] in ("parse", "chunk")
        until(lambda: not scratch(platform, document["run_id"]))

    def test_none_of_their_text_is_found(self, platform: Platform, failures: dict[str, dict[str, Any]]) -> None:
        collection = failures["broken.pdf"]["collection_id"]
        for function in ("search_bm25", "search_dense", "search_hybrid"):
            found = platform.result(function, {"query": "words Word document PDF", "collection_ids": [collection]})
            assert found["hits"] == []
        counted = platform.result("fetch_collection", {"collection_id": collection})
        assert counted["chunk_count"] == 0
        assert counted["document_count"] == len(BAD)

    def test_they_can_be_deleted(self, platform: Platform, collection: str) -> None:
        uploaded = platform.upload(collection, "broken.pdf", documents.broken_pdf()).json()["result"]
        assert platform.wait_for(uploaded["document_id"])["status"] == "failed"
        platform.result("delete_document", {"document_id": uploaded["document_id"]})
        assert platform.call("fetch_document", {"document_id": uploaded["document_id"]}).status_code == 404

    def test_a_file_without_bytes_is_refused_at_once(self, platform: Platform, collection: str) -> None:
        refused = platform.upload(collection, "empty.pdf", b"")
        assert refused.status_code == 422
        assert refused.json()["error"]["field"] == "file"
        assert "empty" in refused.json()["error"]["message"]
        assert platform.result("fetch_collection_documents", {"collection_id": collection})["documents"] == []


class TestWhileItRuns:
    @staticmethod
    def long_text() -> bytes:
        """Takes some seconds to embed, and is like no other."""
        return (
            f"Canal {secrets.token_hex(8)}.\n\n".encode()
            + "\n\n".join(
                f"Lock {n} of the canal was opened in {1700 + n % 300}. " + "Boats wait for the water to rise. " * 12
                for n in range(600)
            ).encode()
        )

    def test_a_document_that_is_deleted_is_gone_for_good(self, platform: Platform, collection: str) -> None:
        uploaded = platform.upload(collection, "canal.txt", self.long_text()).json()["result"]
        events = follow_until(platform, uploaded["run_id"], "embed")
        assert platform.result("fetch_document", {"document_id": uploaded["document_id"]})["status"] == "indexing"
        platform.result("delete_document", {"document_id": uploaded["document_id"]})
        assert platform.call("fetch_document", {"document_id": uploaded["document_id"]}).status_code == 404
        rest = follow(platform, f"/api/runs/{uploaded['run_id']}/events", after=events)
        assert rest[-1].name in ("run_cancelled", "run_failed")
        until(lambda: not scratch(platform, uploaded["run_id"]))
        query = {"query": "canal locks", "collection_ids": [collection]}
        assert platform.result("search_hybrid", query)["hits"] == []
        assert platform.result("fetch_collection", {"collection_id": collection})["chunk_count"] == 0

    def test_an_ingestion_that_is_cancelled_fails_its_document(self, platform: Platform, collection: str) -> None:
        uploaded = platform.upload(collection, "canal.txt", self.long_text()).json()["result"]
        follow_until(platform, uploaded["run_id"], "embed")
        platform.result("cancel_run", {"run_id": uploaded["run_id"]})
        document = platform.wait_for(uploaded["document_id"])
        assert document["status"] == "failed"
        assert "cancelled" in document["error"]
        assert document["searchable_by"] == ["words"]
        assert document["chunk_count"] > 0

    def test_a_collection_that_is_deleted_stops_its_ingestions(self, platform: Platform, collection: str) -> None:
        data = self.long_text()
        uploaded = platform.upload(collection, "canal.txt", data).json()["result"]
        follow_until(platform, uploaded["run_id"], "embed")
        platform.result("delete_document_collection", {"collection_id": collection})
        rest = follow(platform, f"/api/runs/{uploaded['run_id']}/events")
        assert rest[-1].name in ("run_cancelled", "run_failed")
        assert not (platform.home / "objects" / "contents" / hashlib.sha256(data).hexdigest()).exists()


def follow_until(platform: Platform, run: str, node: str) -> int:
    """Waits until a node of a run has begun; the number of that event."""
    headers = {"Authorization": f"Bearer {platform.token}"}
    number = 0
    with platform.http.stream("GET", f"{platform.url}/api/runs/{run}/events", headers=headers) as response:
        for line in response.iter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
            elif line.startswith("data: ") and f'"node":"{node}"' in line and '"kind"' in line:
                return number
    raise AssertionError(f"the run ended without its node {node}")
