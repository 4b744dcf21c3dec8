"""Object stores: what lies below a prefix becomes documents."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any
from uuid import UUID

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from inference.errors import ForbiddenAddress, InvalidInput, NotAllowed, PenstockError, UpstreamFailed
from tests.storage.bench import Bench, changed
from tests.storage.ingesting import by_source, call, found, new_collection, text_of
from tests.storage.website import Page, serving


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
