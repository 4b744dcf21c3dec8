"""Collections and documents: made, listed page by page, changed, given back byte for byte, deleted without a trace."""

from __future__ import annotations

import secrets
from urllib.parse import unquote

from tests.platform import Platform
from tests.server.files import documents_of, download, stored, unique


class TestCollections:
    def test_from_made_to_deleted(self, platform: Platform) -> None:
        made = platform.result(
            "create_document_collection",
            {"name": "Bücher", "description": "all of them", "metadata": {"shelf": 3}, "language": "german"},
        )
        assert made["document_count"] == made["chunk_count"] == 0
        assert platform.result("fetch_collection", {"collection_id": made["id"]}) == made
        assert made["id"] in [c["id"] for c in platform.result("fetch_all_collections")["collections"]]
        changed = platform.result("modify_document_collection", {"collection_id": made["id"], "name": "Hefte"})
        assert changed["name"] == "Hefte"
        assert changed["description"] == "all of them"
        assert changed["metadata"] == {"shelf": 3}
        platform.result("delete_document_collection", {"collection_id": made["id"]})
        for function in ("fetch_collection", "delete_document_collection", "fetch_collection_documents"):
            assert platform.call(function, {"collection_id": made["id"]}).status_code == 404

    def test_counts_follow_documents(self, platform: Platform, collection: str) -> None:
        document = platform.ingest(collection, "heron.txt", unique())
        counted = platform.result("fetch_collection", {"collection_id": collection})
        assert (counted["document_count"], counted["chunk_count"]) == (1, document["chunk_count"])
        platform.result("delete_document", {"document_id": document["id"]})
        counted = platform.result("fetch_collection", {"collection_id": collection})
        assert (counted["document_count"], counted["chunk_count"]) == (0, 0)

    def test_deleting_one_takes_its_documents_and_files(self, platform: Platform, collection: str) -> None:
        data = unique()
        document = platform.ingest(collection, "heron.txt", data)
        assert stored(platform, data)
        platform.result("delete_document_collection", {"collection_id": collection})
        assert platform.call("fetch_document", {"document_id": document["id"]}).status_code == 404
        assert not stored(platform, data)

    def test_names_need_not_differ(self, platform: Platform) -> None:
        first, second = (platform.result("create_document_collection", {"name": "twin"})["id"] for _ in range(2))
        assert first != second


class TestLists:
    def test_pages_by_key_set(self, platform: Platform, collection: str) -> None:
        made = [platform.upload(collection, f"{n}.txt", unique()).json()["result"]["document_id"] for n in range(5)]
        seen: list[str] = []
        before, sizes = None, list[int]()
        while True:
            page = platform.result(
                "fetch_collection_documents", {"collection_id": collection, "limit": 2, "before": before}
            )
            sizes.append(len(page["documents"]))
            seen += [document["id"] for document in page["documents"]]
            if (before := page["next_before"]) is None:
                break
        assert seen == made[::-1]
        assert sizes == [2, 2, 1]

    def test_a_document_added_in_between_moves_nothing(self, platform: Platform, collection: str) -> None:
        for name in ("a.txt", "b.txt", "c.txt"):
            platform.upload(collection, name, unique())
        first = platform.result("fetch_collection_documents", {"collection_id": collection, "limit": 2})
        platform.upload(collection, "d.txt", unique())
        rest = documents_of(platform, collection, before=first["next_before"])
        assert [document["name"] for document in rest] == ["a.txt"]

    def test_goes_on_behind_a_document_that_was_deleted(self, platform: Platform, collection: str) -> None:
        for name in ("a.txt", "b.txt", "c.txt"):
            platform.upload(collection, name, unique())
        last = platform.result("fetch_collection_documents", {"collection_id": collection, "limit": 2})["next_before"]
        platform.result("delete_document", {"document_id": last})
        assert [document["name"] for document in documents_of(platform, collection, before=last)] == ["a.txt"]

    def test_a_mark_from_elsewhere_tells_nothing_of_what_is_there(self, platform: Platform, collection: str) -> None:
        platform.upload(collection, "a.txt", unique())
        other = platform.result("create_document_collection", {"name": "other"})["id"]
        elsewhere = platform.upload(other, "b.txt", unique()).json()["result"]["document_id"]
        platform.upload(collection, "c.txt", unique())
        invented = elsewhere[:-1] + ("0" if elsewhere[-1] != "0" else "1")
        by_mark = [
            [one["name"] for one in documents_of(platform, collection, before=mark)] for mark in (elsewhere, invented)
        ]
        assert by_mark == [["a.txt"], ["a.txt"]]


class TestDownload:
    def test_byte_for_byte(self, platform: Platform, collection: str) -> None:
        data = (
            b"\xef\xbb\xbf" + "Windows\r\nline ends, a BOM and Ümläute.\r\n".encode() + secrets.token_hex(3000).encode()
        )
        document = platform.ingest(collection, "odd.txt", data)
        answer = download(platform, document["id"])
        assert answer.content == data
        assert answer.headers["content-length"] == str(len(data))
        assert answer.headers["content-type"].startswith("text/plain")

    def test_of_a_document_that_failed(self, platform: Platform, collection: str) -> None:
        data = b"%PDF-1.7 " + secrets.token_bytes(300)
        uploaded = platform.upload(collection, "broken.pdf", data).json()["result"]
        assert platform.wait_for(uploaded["document_id"])["status"] == "failed"
        assert download(platform, uploaded["document_id"]).content == data

    def test_a_page_of_somebody_elses_cannot_run_here(self, platform: Platform, collection: str) -> None:
        page = b"<html><body><p>Words of a page.</p><script>alert(document.cookie)</script></body></html>"
        uploaded = platform.upload(collection, "évil; x=y.html", page).json()["result"]
        headers = download(platform, uploaded["document_id"]).headers
        disposition, _, name = headers["content-disposition"].partition("; filename*=UTF-8''")
        assert disposition == "attachment"
        assert name.isascii()
        assert unquote(name) == "évil; x=y.html"
        assert headers["content-security-policy"] == "sandbox"
        assert headers["x-content-type-options"] == "nosniff"


class TestPagesAndChunks:
    def test_offsets_refer_to_the_pages_text(self, platform: Platform, collection: str) -> None:
        document = platform.ingest(collection, "herons.txt", unique())
        (hit,) = platform.result("search_bm25", {"query": "heron", "collection_ids": [collection]})["hits"]
        page = platform.result("fetch_document_page", {"document_id": document["id"], "page": hit["page"]})
        assert page["text"][hit["start"] : hit["end"]] == hit["text"]
        chunk = platform.result("fetch_chunk", {"chunk_id": hit["chunk_id"]})
        assert chunk["text"] == hit["text"]
        assert chunk["neighbours"] == []

    def test_neighbours(self, platform: Platform, collection: str) -> None:
        text = "\n\n".join(f"# Part {n}\n\n" + f"Paragraph {n} tells of boats. " * 60 for n in range(4)).encode()
        document = platform.ingest(collection, "boats.md", text)
        last = document["chunk_count"] - 1
        assert last >= 2
        hits = platform.result("search_bm25", {"query": "boats", "collection_ids": [collection], "limit": 100})["hits"]
        chunks = [platform.result("fetch_chunk", {"chunk_id": hit["chunk_id"]}) for hit in hits]
        around = {chunk["ordinal"]: [beside["ordinal"] for beside in chunk["neighbours"]] for chunk in chunks}
        assert around == {n: [m for m in (n - 1, n + 1) if 0 <= m <= last] for n in range(last + 1)}

    def test_a_page_that_is_not_there(self, platform: Platform, collection: str) -> None:
        document = platform.ingest(collection, "one-page.txt", unique())
        answer = platform.call("fetch_document_page", {"document_id": document["id"], "page": 2})
        assert answer.status_code == 404
        assert answer.json()["error"]["field"] == "page"


class TestDeletion:
    def test_nothing_is_left(self, platform: Platform, collection: str) -> None:
        data = unique()
        document = platform.ingest(collection, "heron.txt", data)
        query = {"query": "heron reeds", "collection_ids": [collection]}
        hit = platform.result("search_hybrid", query)["hits"][0]
        platform.result("delete_document", {"document_id": document["id"]})
        for function in ("search_bm25", "search_dense", "search_hybrid"):
            assert platform.result(function, query)["hits"] == []
        for function, body in (
            ("fetch_document", {"document_id": document["id"]}),
            ("fetch_document_page", {"document_id": document["id"]}),
            ("download_document", {"document_id": document["id"]}),
            ("fetch_chunk", {"chunk_id": hit["chunk_id"]}),
            ("delete_document", {"document_id": document["id"]}),
        ):
            assert platform.call(function, body).status_code == 404, function
        assert not stored(platform, data)
