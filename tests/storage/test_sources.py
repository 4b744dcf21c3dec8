"""Documents from URLs: fetched within the guard, and once as long as they do not change; and what need not be sent."""

from __future__ import annotations

import hashlib

import pytest

from inference.errors import ForbiddenAddress, InvalidInput, LimitReached, TooLarge, UpstreamFailed
from tests.storage.bench import Bench, changed
from tests.storage.ingesting import by_source, call, carried, found, ingest, new_collection, text_of, upload
from tests.storage.website import Page, Website, page


class TestUrls:
    async def test_a_file_is_fetched_once(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        url = f"{site.url}/deep"
        first = await call(allowed, "ingest_url", url=url, collection_id=collection, metadata={"kind": "page"})
        known = await carried(allowed, first)
        assert (known.source, known.name, known.content_type) == (url, "deep.html", "text/html")
        assert known.status == "complete"
        again = await call(allowed, "ingest_url", url=url, collection_id=collection)
        assert (again.unchanged, again.document_id) == (True, known.id)
        assert (site.asked["/deep"], site.not_modified["/deep"]) == (1, 1)
        site.pages["/deep"] = Page(page("Otherwise"), etag='"d2"')
        newer = await carried(allowed, await call(allowed, "ingest_url", url=url, collection_id=collection))
        assert (newer.id, newer.version, newer.metadata) == (known.id, 2, {})
        assert await found(allowed, collection, "otherwise")

    async def test_without_validators_the_content_tells(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        first = await call(allowed, "ingest_url", url=f"{site.url}/c.pdf", collection_id=collection)
        assert (await carried(allowed, first)).name == "c.txt"
        again = await call(allowed, "ingest_url", url=f"{site.url}/c.pdf", collection_id=collection)
        assert again.unchanged
        assert site.asked["/c.pdf"] == 2

    async def test_a_name_and_password_are_not_for_urls(self, bench: Bench) -> None:
        collection = await new_collection(bench)
        for function in ("ingest_url", "crawl_site"):
            with pytest.raises(InvalidInput, match="upload_document"):
                await call(bench, function, url="http://ann:secret@example.com/", collection_id=collection)

    async def test_the_charset_that_is_declared_is_read(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        site.pages["/r.txt"] = Page("насос закрыт".encode("cp1251"), "text/plain", charset="windows-1251")
        url = f"{site.url}/r.txt"
        fetched = await carried(allowed, await call(allowed, "ingest_url", url=url, collection_id=collection))
        assert fetched.content_type == "text/plain; charset=windows-1251"
        assert await found(allowed, collection, "насос")
        sent = await ingest(
            allowed, collection, "j.txt", "日本語の文書".encode("cp932"), content_type="text/plain; charset=Shift_JIS"
        )
        assert (sent.content_type, sent.warnings) == ("text/plain; charset=shift_jis", [])
        shown = await call(allowed, "fetch_document_page", document_id=sent.id, page=1)
        assert shown.text == "日本語の文書"

    async def test_ones_own_network_is_not_asked(self, bench: Bench, site: Website) -> None:
        collection = await new_collection(bench)
        with pytest.raises(ForbiddenAddress):
            await call(bench, "ingest_url", url=f"{site.url}/deep", collection_id=collection)
        assert not site.asked
        assert not await by_source(bench, collection)

    async def test_nor_by_a_redirect(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        with pytest.raises(ForbiddenAddress):
            await call(allowed, "ingest_url", url=f"{site.url}/out", collection_id=collection)
        assert site.asked["/out"] == 1

    async def test_errors_and_lengths(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        with pytest.raises(UpstreamFailed, match="404"):
            await call(allowed, "ingest_url", url=f"{site.url}/none", collection_id=collection)
        small = await changed(allowed, settings=allowed.ctx.settings.model_copy(update={"max_upload_bytes": 10}))
        with pytest.raises((LimitReached, TooLarge)):
            await call(small, "ingest_url", url=f"{site.url}/deep", collection_id=collection)
        assert not await by_source(allowed, collection)


class TestMatching:
    async def test_what_is_there_need_not_be_sent(self, bench: Bench) -> None:
        collection = await new_collection(bench)
        data = text_of("weir", 3)
        there = await ingest(bench, collection, "a.md", data, source="/a.md")
        on_its_way = await upload(bench, collection, "b.md", text_of("lock", 3), source="/b.md")
        await ingest(bench, collection, "c.pdf", b"%PDF-1.7 nothing", source="/c.pdf")

        def asked(source: str, data: bytes) -> dict[str, str]:
            return {"source": source, "sha256": hashlib.sha256(data).hexdigest()}

        contents = [
            asked("/a.md", data), asked("/a.md", b"other"), asked("/b.md", text_of("lock", 3)),
            asked("/c.pdf", b"%PDF-1.7 nothing"), asked("/d.md", data),
        ]  # fmt: skip
        matches = (await call(bench, "match_contents", collection_id=collection, contents=contents)).matches
        assert [match.unchanged for match in matches] == [True, False, True, False, False]
        ids = [match.document and match.document.id for match in matches]
        assert ids[:3] == [there.id, there.id, on_its_way.document_id]
        assert ids[4] is None
