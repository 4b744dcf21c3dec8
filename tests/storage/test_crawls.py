"""Web sites become documents, page by page, as far as they like to be crawled."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from multidict import CIMultiDict
from yarl import URL

from inference.errors import ForbiddenAddress
from inference.functions.sources.crawling import Order, crawl
from tests.storage.bench import Bench
from tests.storage.ingesting import by_source, call, found, new_collection
from tests.storage.website import Page, Website, page, serving

UNREAD = "robots.txt could not be read"


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
