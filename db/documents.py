"""Documents, their pages and their chunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.documents import Chunk, Document, DocumentPage


@dataclass(frozen=True, slots=True)
class DocumentWork:
    """A document as the steps of its ingestion need it."""

    id: int
    collection_id: int
    name: str
    content_type: str
    sha256: str
    embedder: str


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A passage to be stored. `vector`: 384 big-endian float16."""

    uid: UUID
    ordinal: int
    page: int
    start: int
    page_end: int
    end: int
    token_count: int
    headings: list[str]
    text: str
    vector: bytes


class Documents(Table):
    """Storage of documents. `user` is always the caller: nothing of others is found."""

    async def create(
        self,
        uid: UUID,
        user: int,
        collection: UUID,
        *,
        name: str,
        content_type: str,
        size: int,
        sha256: bytes,
        metadata: dict[str, Any],
        idempotency_key: str | None,
    ) -> bool:
        """False when the collection is not the caller's or the key was used before."""
        values = (uid, user, collection, name, content_type, size, sha256, metadata, idempotency_key)
        return await self._row("document.create", *values) is not None

    async def by_idempotency_key(self, user: int, collection: UUID, key: str) -> tuple[str, str | None, str] | None:
        """Document id, run id and SHA-256 of an earlier upload."""
        row = await self._row("document.by_idempotency_key", user, collection, key)
        return (row["document_id"], row["run_id"], row["sha256"]) if row else None

    async def set_run(self, uid: UUID, run: UUID) -> None:
        await self._run("document.set_run", uid, run)

    async def get(self, user: int, uid: UUID) -> Document | None:
        row = await self._row("document.get", user, uid)
        return Document(**row) if row else None

    async def list(self, user: int, collection: UUID, limit: int, before: UUID | None) -> list[Document]:
        return [Document(**row) for row in await self._rows("document.list", user, collection, limit, before)]

    async def page(self, user: int, uid: UUID, number: int) -> DocumentPage | None:
        row = await self._row("page.get", user, uid, number)
        return DocumentPage(**row) if row else None

    async def chunk_with_neighbours(self, user: int, uid: UUID) -> list[Chunk]:
        """The chunk and those directly before and after it, in order; empty when there is none."""
        return [Chunk(**row) for row in await self._rows("chunk.get", user, uid)]

    async def chunks(self, user: int, uid: UUID, after: int, limit: int) -> list[Chunk]:
        """Chunks of a document behind the one with the ordinal `after`, in order."""
        return [Chunk(**row) for row in await self._rows("chunk.list", user, uid, after, limit)]

    async def work(self, user: int, uid: UUID) -> DocumentWork | None:
        row = await self._row("document.work", user, uid)
        return DocumentWork(**row) if row else None

    async def report(self, document: int, stage: str, progress: float) -> None:
        await self._run("document.report", document, stage, progress)

    async def delete(self, user: int, uid: UUID) -> tuple[str, str | None] | None:
        """SHA-256 of its content and its run, or None when there was no such document."""
        row = await self._row("document.delete", user, uid)
        return (row["sha256"], row["run_id"]) if row else None

    async def contents_of_collection(self, user: int, collection: UUID) -> list[tuple[str, str | None]]:
        """SHA-256 and run of each document of a collection."""
        rows = await self._rows("document.contents_of_collection", user, collection)
        return [(row["sha256"], row["run_id"]) for row in rows]

    async def lock_contents(self, contents: list[str]) -> None:
        """Lets nobody else keep or delete the files of these contents (SHA-256 in hex) until the transaction ends."""
        await self._run("document.lock_contents", [bytes.fromhex(content) for content in contents])

    async def still_used(self, contents: list[str]) -> set[str]:
        """Which of these contents (SHA-256 in hex) some document refers to."""
        rows = await self._rows("document.still_used", [bytes.fromhex(content) for content in contents])
        return {row["sha256"] for row in rows}

    async def resolve(
        self,
        user: int,
        collections: list[int],
        uids: list[UUID] | None,
        after: datetime | None,
        before: datetime | None,
    ) -> list[int]:
        """The keys of those of the caller's documents that a filter lets through."""
        return [row["id"] for row in await self._rows("document.resolve", user, collections, uids, after, before)]

    async def chunk_keys(self, documents: list[int]) -> list[int]:
        """The keys of the chunks of documents, ascending."""
        return [row["id"] for row in await self._rows("chunk.of_documents", documents)]

    async def store(self, work: DocumentWork, pages: Sequence[tuple[int, str]], chunks: Sequence[NewChunk]) -> bool:
        """Puts a document's pages, chunks and vectors in place of what was there and makes it complete.

        To be called in a transaction, with `Bm25.add` behind it, so that all of it becomes visible at once. False when
        the document is gone.
        """
        if await self._row("document.publish", work.id, len(pages), len(chunks)) is None:
            return False
        await self._run("document.clear", work.id)
        ids = [row["id"] for row in await self._rows("chunk.reserve", len(chunks))]
        connection: Any = self._executor
        await connection.copy_records_to_table(
            "pages",
            columns=("document_id", "number", "text"),
            records=[(work.id, number, text) for number, text in pages],
        )
        await connection.copy_records_to_table(
            "chunks",
            columns=(
                "id", "uid", "document_id", "collection_id", "ordinal", "page", "start_offset", "page_end",
                "end_offset", "token_count", "headings", "text",
            ),
            records=[
                (
                    key, c.uid, work.id, work.collection_id, c.ordinal, c.page, c.start, c.page_end, c.end,
                    c.token_count, c.headings, c.text,
                )
                for key, c in zip(ids, chunks, strict=True)
            ],
        )  # fmt: skip
        await connection.copy_records_to_table(
            "embeddings",
            columns=("chunk_id", "collection_id", "vector"),
            records=[(key, work.collection_id, c.vector) for key, c in zip(ids, chunks, strict=True)],
        )
        return True
