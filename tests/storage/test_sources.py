"""Documents from URLs and web sites: fetched within the guard, and once as long as they do not change."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from typing import Any
from uuid import UUID

import obstore
import pytest
from moto.server import ThreadedMotoServer
from multidict import CIMultiDict
from obstore.store import S3Store
from yarl import URL

from inference.errors import (
    ForbiddenAddress,
    InvalidInput,
    LimitReached,
    NotAllowed,
    PenstockError,
    TooLarge,
    UpstreamFailed,
)
from inference.functions.sources.crawling import Order, crawl
from inference.models.documents import Document
from inference.settings import Settings
from tests.storage.bench import Bench, changed
from tests.storage.ingesting import call, carried, found, ingest, new_collection, text_of, upload
from tests.storage.website import Page, Website, serving

UNREAD = "robots.txt could not be read"


def page(title: str, *links: str, head: str = "") -> bytes:
    anchors = "".join(f'<p><a href="{link}">to {link}</a></p>' for link in links)
    return (
        f"<html><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1><p>{title} flows.</p>{anchors}</body></html>"
    ).encode()


@pytest.fixture
async def site() -> AsyncGenerator[Website]:
    pages = {
        "/": Page(
            page("Home", "/a", "/b.html?x=1&y=2", "/b.html?y=2&x=1", "/secret/x", "/out", "/c.pdf#page=2"), etag='"h1"'
        ),
        "/a": Page(page("Alder", "/deep", head='<link rel="canonical" href="/alder">'), etag='"a1"'),
        "/alder": Page(page("Alder", "/deep"), etag='"a1"'),
        "/b.html?x=1&y=2": Page(page("Birch")),
        "/deep": Page(page("Deep", "/deeper"), etag='"d1"'),
        "/deeper": Page(page("Deeper")),
        "/secret/x": Page(page("Secret")),
        "/out": Page(b"", status=302, headers={"Location": "http://10.1.2.3/inside"}),
        "/c.pdf": Page(
            b"plain words in a file", "text/plain", headers={"Content-Disposition": 'inline; filename="c.txt"'}
        ),
        "/robots.txt": Page(b"User-agent: *\nDisallow: /secret/\n", "text/plain"),
    }
    async with serving(pages) as running:
        yield running


@pytest.fixture
async def allowed(bench: Bench) -> Bench:
    """The bench, which may ask this machine."""
    return await changed(bench, settings=Settings(home=bench.ctx.settings.home, http_allow="127.0.0.0/8"))


async def crawled(bench: Bench, collection: str, url: str, **more: Any) -> dict[str, Any]:
    """What a crawl came to."""
    begun = await call(bench, "crawl_site", url=url, collection_id=collection, rate=50, **more)
    await bench.engine.carry(UUID(begun.run_id))
    run, output = await bench.end(UUID(begun.run_id))
    assert run.status == "completed", run.error
    assert output
    return output


async def told_of(url: str, *, patience: float = 60.0, max_bytes: int = 1 << 20) -> dict[str, str]:
    """What a crawl tells of the paths of a site: what they are, or why they failed."""
    order = Order(
        url=url, scope="host", depth=3, max_pages=100, rate=50, robots=True, max_bytes=max_bytes, allow="127.0.0.0/8",
        parent=os.getpid(), known={}, patience=patience,
    )  # fmt: skip
    return {URL(told.url).path: told.why or told.kind async for told, _ in crawl(order)}


async def by_source(bench: Bench, collection: str) -> dict[str, Document]:
    listed = (await call(bench, "fetch_collection_documents", collection_id=collection)).documents
    return {document.source or "": document for document in listed}


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


class TestSites:
    async def test_a_site_becomes_documents(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        output = await crawled(allowed, collection, f"{site.url}/", depth=2)
        there = await by_source(allowed, collection)
        paths = {source.removeprefix(site.url) for source in there}
        assert paths == {"/", "/alder", "/b.html?x=1&y=2", "/deep", "/c.pdf"}
        assert output["pages"] == output["new"] == 5
        failures = {failed["url"].removeprefix(site.url): failed["why"] for failed in output["failed"]}
        assert set(failures) == {"/secret/x", "/out"}
        assert "robots.txt" in failures["/secret/x"]
        assert "not on the internet" in failures["/out"]
        assert site.asked["/secret/x"] == 0
        for known in there.values():
            assert known.run_id
            await allowed.engine.carry(UUID(known.run_id))
        assert await found(allowed, collection, "birch")

        site.pages["/"] = Page(site.pages["/"].body + b"<!-- changed -->", etag='"h2"')
        again = await crawled(allowed, collection, f"{site.url}/", depth=2)
        assert (again["new"], again["unchanged"]) == (1, 4)
        assert site.not_modified["/deep"] == 1

    async def test_the_charset_that_is_declared_is_read(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        site.pages["/a"] = Page("<p>日本語の文書".encode("cp932"), charset="shift_jis")
        await crawled(allowed, collection, f"{site.url}/a", depth=0)
        known = (await by_source(allowed, collection))[f"{site.url}/a"]
        assert (known.name, known.content_type) == ("a.html", "text/html; charset=shift_jis")
        await allowed.engine.carry(UUID(known.run_id or ""))
        shown = await call(allowed, "fetch_document_page", document_id=known.id, page=1)
        assert shown.text == "日本語の文書"

    async def test_scope_and_limits(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        few = await crawled(allowed, collection, f"{site.url}/", max_pages=1)
        assert few["pages"] == 1
        secret = await crawled(allowed, collection, f"{site.url}/secret/x", scope="path", robots=False)
        assert (secret["pages"], site.asked["/secret/x"]) == (1, 1)

    async def test_a_page_is_as_deep_as_its_shortest_way(self, allowed: Bench, site: Website) -> None:
        others = [f"/other/{number}" for number in range(40)]
        site.pages = {other: Page(page("Other")) for other in others} | {
            "/": Page(page("Home", "/short", *others, "/long")),
            "/short": Page(page("Short", "/goal")),
            "/long": Page(page("Long", "/longer")),
            "/longer": Page(page("Longer", "/goal")),
            "/goal": Page(page("Goal", "/behind")),
            "/behind": Page(page("Behind")),
        }
        collection = await new_collection(allowed)
        await crawled(allowed, collection, f"{site.url}/", depth=3)
        assert f"{site.url}/behind" in await by_source(allowed, collection)

    async def test_those_that_failed_are_counted(self, allowed: Bench, site: Website) -> None:
        site.pages["/"] = Page(page("Home", *(f"/gone/{number}" for number in range(120))))
        output = await crawled(allowed, await new_collection(allowed), f"{site.url}/")
        assert (output["pages"], output["failed_count"], len(output["failed"])) == (1, 120, 100)

    async def test_a_beginning_that_is_no_page_is_said(self, allowed: Bench, site: Website) -> None:
        elsewhere = f"{site.url.replace('127.0.0.1', 'localhost')}/deep"
        for beginning, words in (
            (Page(b"", status=301, headers={"Location": elsewhere}), f"redirects to {elsewhere}"),
            (Page(b"\x89PNG", "image/png"), "it is image/png, which is not taken"),
            (Page(b""), "it is empty"),
        ):
            site.pages["/begin"] = beginning
            collection = await new_collection(allowed)
            begun = await call(allowed, "crawl_site", url=f"{site.url}/begin", collection_id=collection)
            await allowed.engine.carry(UUID(begun.run_id))
            run, _ = await allowed.end(UUID(begun.run_id))
            assert run.error, run.status
            assert words in run.error.message

    async def test_ones_own_network_is_not_crawled(self, bench: Bench, site: Website) -> None:
        collection = await new_collection(bench)
        with pytest.raises(ForbiddenAddress):
            await call(bench, "crawl_site", url=f"{site.url}/", collection_id=collection)
        named = site.url.replace("127.0.0.1", "localhost")
        begun = await call(bench, "crawl_site", url=f"{named}/", collection_id=collection)
        await bench.engine.carry(UUID(begun.run_id))
        run, _ = await bench.end(UUID(begun.run_id))
        assert run.status == "failed"
        assert run.error
        assert "not on the internet" in run.error.message
        assert not site.asked


class TestManners:
    """What a site asks of those who crawl it."""

    @pytest.fixture
    async def asking(self) -> AsyncGenerator[Website]:
        """Pages that ask for something: in words, in headers, on links."""
        followed = '<a href="/listed">listed</a><a rel="nofollow" href="/sold">sold</a><a href="/sold#b">sold</a>'
        pages = {
            "/": Page(
                b'<p><a rel="Sponsored NoFollow" href="/bought">bought</a></p>'
                + page("Home", "/hidden", "/closed", "/named", "/header", "/others")
            ),
            "/hidden": Page(f'<META NAME="Robots" CONTENT="NoArchive, NOINDEX"><p>h</p>{followed}'.encode()),
            "/closed": Page(b'<meta name="robots" content="None">' + page("Closed", "/behind")),
            "/named": Page(
                b'<meta name="robots" content="all"><meta name="PENSTOCK" content="nofollow">' + page("N", "/behind")
            ),
            "/header": Page(
                b"a file",
                "text/plain",
                headers=CIMultiDict(
                    [("X-Robots-Tag", "unavailable_after: Sat, 25 Jun 2050 15:00:00 GMT"), ("X-Robots-Tag", "NoIndex")]
                ),
            ),
            "/others": Page(page("Others", "/last"), headers={"X-Robots-Tag": "otherbot: noindex, nofollow"}),
            "/last": Page(page("Last"), headers={"X-Robots-Tag": "otherbot: none, penstock: noindex"}),
        }
        pages |= {path: Page(page("Plain")) for path in ("/listed", "/sold", "/bought", "/behind")}
        async with serving(pages) as running:
            yield running

    async def test_a_page_may_ask_to_be_left_out(self, allowed: Bench, asking: Website) -> None:
        collection = await new_collection(allowed)
        output = await crawled(allowed, collection, f"{asking.url}/")
        paths = {source.removeprefix(asking.url) for source in await by_source(allowed, collection)}
        assert paths == {"/", "/named", "/others", "/listed", "/sold"}
        assert (output["pages"], output["failed"]) == (5, [])
        assert not asking.asked["/behind"] + asking.asked["/bought"]
        again = await crawled(allowed, collection, f"{asking.url}/", robots=False)
        paths = {source.removeprefix(asking.url) for source in await by_source(allowed, collection)}
        assert (paths, again["failed"]) == (set(asking.pages), [])

    async def test_what_a_page_led_to_without_robots_is_not_followed_with_them(
        self, allowed: Bench, asking: Website
    ) -> None:
        collection = await new_collection(allowed)
        asking.pages["/closed"].etag = '"c1"'
        await crawled(allowed, collection, f"{asking.url}/closed", robots=False)
        there = await by_source(allowed, collection)
        assert set(there) == {f"{asking.url}/closed", f"{asking.url}/behind"}
        begun = await call(allowed, "crawl_site", url=f"{asking.url}/closed", collection_id=collection, rate=50)
        await allowed.engine.carry(UUID(begun.run_id))
        run, _ = await allowed.end(UUID(begun.run_id))
        assert run.error
        assert "noindex" in run.error.message
        assert asking.asked["/behind"] == 1
        assert set(await by_source(allowed, collection)) == set(there), "documents stay"

    async def test_a_header_speaks_for_an_unchanged_page(self, allowed: Bench, site: Website) -> None:
        collection = await new_collection(allowed)
        first = await crawled(allowed, collection, f"{site.url}/deep")
        assert first["pages"] == 2
        site.pages["/deep"].headers = {"X-Robots-Tag": "noindex"}
        again = await crawled(allowed, collection, f"{site.url}/deep")
        assert (again["pages"], again["unchanged"]) == (1, 1)
        assert [failed["url"] for failed in again["failed"]] == [f"{site.url}/deep"]

    async def test_a_site_says_how_fast(self, allowed: Bench, site: Website) -> None:
        site.pages["/robots.txt"] = Page(b"User-agent: penstock\nCrawl-delay: 0.5\n", "text/plain")
        collection = await new_collection(allowed)
        output = await crawled(allowed, collection, f"{site.url}/deep")
        assert output["pages"] == 2
        first, second, third = site.times
        assert second - first > 0.4
        assert third - second > 0.4

    async def test_no_site_says_for_how_long_a_crawl_lasts(self, site: Website) -> None:
        site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 86400\n", "text/plain")
        site.pages["/deeper"] = Page(b"", status=503, headers={"Retry-After": "86400"})
        told = await told_of(f"{site.url}/deep", patience=1.0)
        assert told == {"/deep": "page", "/deeper": "it answered 503"}
        assert site.requests.count("/deeper") == 3
        assert 4 < site.times[-1] - site.times[0] < 8

    @pytest.mark.parametrize("status", [429, 503])
    async def test_a_site_says_when_to_come_back(self, site: Website, status: int) -> None:
        then = (datetime.now(UTC) + timedelta(seconds=5)).replace(microsecond=0)
        due = monotonic() + (then - datetime.now(UTC)).total_seconds()
        said = ("1", format_datetime(then, usegmt=True))
        site.pages["/deep"].before = [Page(b"", status=status, headers={"Retry-After": when}) for when in said]
        assert await told_of(f"{site.url}/deep") == {"/deep": "page", "/deeper": "page"}
        first, second, third, _ = site.times[1:]
        assert second - first > 0.9
        assert third > due - 0.1

    async def test_a_site_that_always_says_later_is_given_up(self, site: Website) -> None:
        pages = [f"/later/{number}" for number in range(30)]
        site.pages |= {path: Page(b"", status=429, headers={"Retry-After": "9"}) for path in pages}
        site.pages["/"] = Page(page("Home", *pages))
        told = await told_of(f"{site.url}/", patience=0.2)
        assert told == {"/": "page"} | dict.fromkeys(pages, "it answered 429")
        assert site.times[-1] - site.times[0] < 5

    @pytest.mark.parametrize(
        ("robots", "why"),
        [
            (Page(b"User-agent: *\nAllow: /\n", "text/plain", status=500), f"{UNREAD}: it answered 500"),
            (Page(b"", status=429), f"{UNREAD}: it answered 429"),
            (Page(b"", delay=60), f"{UNREAD}: "),
            (Page(b"", status=302, headers={"Location": "http://10.0.0.1/"}), f"{UNREAD}: "),
            (Page(b"User-agent: *\nDisallow: /\n", "text/plain", status=403), "page"),
            (Page(b"", before=[Page(b"", status=503)]), "page"),
        ],
    )  # fmt: skip
    async def test_robots_txt_that_cannot_be_read(self, site: Website, robots: Page, why: str) -> None:
        site.pages["/robots.txt"] = robots
        told = await told_of(f"{site.url}/deeper", patience=1.0)
        assert set(told) == {"/deeper"}
        assert told["/deeper"].startswith(why)
        assert site.asked["/deeper"] == (why == "page")

    async def test_of_a_huge_robots_txt_the_beginning_counts(self, site: Website) -> None:
        begin, filler = b"User-agent: *\nDisallow: /secret/\n", b"Disallow: /never/asked\n"
        body = begin + filler * (8_000_000 // len(filler)) + b"Disallow: /deep\n"
        site.pages["/robots.txt"] = Page(body, "text/plain")
        site.pages["/deep"] = Page(page("Deep", "/secret/x"))
        told = await told_of(f"{site.url}/deep", max_bytes=9_000_000)
        assert told == {"/deep": "page", "/secret/x": "Forbidden by robots.txt"}


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


@pytest.fixture(scope="module")
def bucket() -> Generator[str]:
    """The endpoint of a store with S3's protocol."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class TestObjects:
    @staticmethod
    def options(endpoint: str) -> dict[str, str]:
        return {"access_key_id": "key", "secret_access_key": "very secret", "region": "us-east-1", "endpoint": endpoint}

    async def ingested(self, bench: Bench, collection: str, endpoint: str) -> dict[str, Any]:
        begun = await call(
            bench, "ingest_objects", url="s3://shelf/books", collection_id=collection, options=self.options(endpoint)
        )
        await bench.engine.carry(UUID(begun.run_id))
        run, output = await bench.end(UUID(begun.run_id))
        assert run.status == "completed", run.error
        assert output
        return output

    async def test_a_prefix_becomes_documents(self, allowed: Bench, bucket: str) -> None:
        async with allowed.ctx.http.put(f"{bucket}/shelf") as made:
            assert made.status == 200
        config: Any = {f"aws_{name}": value for name, value in self.options(bucket).items()}
        store = S3Store("shelf", config=config, client_options={"allow_http": True})
        for name, subject in (("books/a/weirs.md", "weir"), ("books/locks.md", "lock"), ("other/gates.md", "gate")):
            await obstore.put_async(store, name, text_of(subject, 3))
        collection = await new_collection(allowed)
        first = await self.ingested(allowed, collection, bucket)
        assert (first["objects"], first["new"], first["failed"]) == (2, 2, [])
        there = await by_source(allowed, collection)
        assert set(there) == {"s3://shelf/books/a/weirs.md", "s3://shelf/books/locks.md"}
        for known in there.values():
            assert known.run_id
            await allowed.engine.carry(UUID(known.run_id))
        assert await found(allowed, collection, "weir2")
        await obstore.put_async(store, "books/locks.md", text_of("sluice", 3))
        again = await self.ingested(allowed, collection, bucket)
        assert (again["new"], again["unchanged"]) == (1, 1)
        kept = await allowed.storage.pool.fetch(
            "SELECT input::text FROM runs UNION ALL SELECT data::text FROM run_events"
        )
        assert not [row for row in kept if "very secret" in row[0]]

    async def test_what_is_refused(self, allowed: Bench, bench: Bench, bucket: str) -> None:
        collection = await new_collection(allowed)

        async def refused(error: type[PenstockError], url: str, **options: str) -> None:
            with pytest.raises(error):
                await call(allowed, "ingest_objects", url=url, collection_id=collection, options=options)

        await refused(InvalidInput, "file:///etc")
        await refused(InvalidInput, "memory:///")
        await refused(NotAllowed, "s3://shelf/books")
        await refused(NotAllowed, "s3://shelf/books", access_key_id="key")
        await refused(InvalidInput, "gs://shelf/books", service_account="/etc/passwd")
        await refused(InvalidInput, "gs://shelf/books", service_account_key="/etc/passwd")
        inside = self.options("http://10.0.0.1:9000")
        await refused(ForbiddenAddress, "s3://shelf/books", **inside)
        await refused(InvalidInput, "s3://shelf/books", **self.options(bucket + "/?x="))
        await refused(InvalidInput, "s3://shelf/books", **self.options(bucket) | {"region": "@127.0.0.1:9/x?"})
        for account in ("127.0.0.1:9/", "localhost:9/x#", "a@127.0.0.1:9/x?"):
            await refused(InvalidInput, "az://shelf/books", account_name=account, account_key="Yg==")
        await refused(UpstreamFailed, "s3://none/books", **self.options(bucket))

    async def test_a_redirect_leads_nowhere_else(self, allowed: Bench) -> None:
        async with serving({}) as inside, serving({}) as store:
            there = inside.url.replace("127.0.0.1", "127.0.0.2")
            listing = "/shelf?list-type=2&prefix=books%2F"
            store.pages[listing] = Page(b"", status=307, headers={"Location": f"{there}/inside"})
            inside.pages["/inside"] = Page(b"secret")
            settings = allowed.ctx.settings.model_copy(update={"http_allow": "127.0.0.1"})
            narrow = await changed(allowed, settings=settings)
            collection = await new_collection(narrow)
            with pytest.raises(ForbiddenAddress, match=r"127\.0\.0\.2"):
                await call(
                    narrow, "ingest_objects", url="s3://shelf/books", collection_id=collection,
                    options=self.options(store.url),
                )  # fmt: skip
            assert store.asked["/shelf"] == 1
            assert not inside.asked

    async def test_a_service_account_names_no_other_server(self, allowed: Bench) -> None:
        async with serving({}) as inside:
            key = {
                "client_email": "a@b", "private_key": "no key", "private_key_id": "1", "gcs_base_url": inside.url,
                "disable_oauth": True,
            }  # fmt: skip
            with pytest.raises(UpstreamFailed):
                await call(
                    allowed, "ingest_objects", url="gs://shelf/books", collection_id=await new_collection(allowed),
                    options={"service_account_key": json.dumps(key)},
                )  # fmt: skip
            assert not inside.requests

    @staticmethod
    def listed(*names: str) -> bytes:
        """What a container of Azure answers that has these."""
        blobs = "".join(
            f"<Blob><Name>{name}</Name><Properties><Last-Modified>Wed, 01 Jan 2025 00:00:00 GMT</Last-Modified>"
            "<Etag>0x1</Etag><Content-Length>9</Content-Length><Content-Type>text/plain</Content-Type></Properties></Blob>"
            for name in names
        )
        return f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker/></EnumerationResults>".encode()

    async def test_those_that_failed_are_counted(self, allowed: Bench) -> None:
        async with serving({}) as store:
            names = [f"books/{number}.md" for number in range(120)]
            store.pages["/shelf"] = Page(self.listed(*names), "application/xml")
            begun = await call(
                allowed, "ingest_objects", url="az://shelf/books", collection_id=await new_collection(allowed),
                options={"account_name": "account1", "account_key": "Yg==", "endpoint": store.url},
            )  # fmt: skip
            await allowed.engine.carry(UUID(begun.run_id))
            _, output = await allowed.end(UUID(begun.run_id))
            assert output
            assert (output["objects"], output["failed_count"], len(output["failed"])) == (120, 120, 100)

    @pytest.mark.parametrize("credentials", [{"account_key": "Yg=="}, {"sas_key": "?sv=2024&sig=a%2Bb"}])
    async def test_a_container_of_azure(self, allowed: Bench, credentials: dict[str, str]) -> None:
        async with serving({}) as store:
            store.pages["/shelf"] = Page(self.listed("books/a weir.md"), "application/xml")
            store.pages["/shelf/books/a%20weir.md"] = Page(b"# A weir\n", "text/markdown")
            collection = await new_collection(allowed)
            begun = await call(
                allowed, "ingest_objects", url="az://shelf/books", collection_id=collection,
                options={"account_name": "account1", "endpoint": store.url} | credentials,
            )  # fmt: skip
            await allowed.engine.carry(UUID(begun.run_id))
            run, output = await allowed.end(UUID(begun.run_id))
            assert run.status == "completed", run.error
            assert output
            assert (output["new"], output["failed"]) == (1, [])
            assert set(await by_source(allowed, collection)) == {"az://shelf/books/a weir.md"}
            fetched = store.requests[-1]
            assert "sig=" in fetched
            assert "sas_key" not in credentials or fetched.endswith("?sv=2024&sig=a%2Bb")
