"""What an ingestion writes: first pages, passages and postings, then vectors batch by batch, then that all is there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from db.bm25 import Bm25, Findable
from db.table import Table

if TYPE_CHECKING:
    from db.table import Executor


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWork:
    """A document as the steps of its ingestion need it. `embedder_id`, `dimensions`: of the vectors that its
    collection's searches compare, once there are any. `next_embedder`: what a reindexing under way changes to.
    `reindex_run`: of the collection's last reindexing. `aside`: what is ingested is a newer content of a document that
    goes on being searched. `has_words`: it can be searched by words. `page_count`, `chunk_count`: of what can be
    searched. `leaves_some`: members, or files of what it was before, are there."""

    id: int
    uid: UUID
    collection_id: int
    collection_uid: UUID
    user_id: int
    name: str
    source: str | None
    metadata: dict[str, Any]
    content_type: str
    sha256: str
    size: int
    embedder: str
    embedder_id: int | None
    dimensions: int | None
    next_embedder: str | None
    language: str
    chunking: dict[str, Any]
    generation: int
    reindex_run: int | None
    aside: bool
    has_words: bool
    page_count: int
    chunk_count: int
    leaves_some: bool


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page to be stored. `lines`: as `pack_lines` packs them."""

    number: int
    text: str
    width: float | None = None
    height: float | None = None
    lines: bytes = b""


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A passage to be stored."""

    uid: UUID
    ordinal: int
    page: int
    start: int
    page_end: int
    end: int
    token_count: int
    headings: list[str]
    text: str

    @property
    def text_hash(self) -> bytes:
        """By which equal texts are known."""
        return hashlib.sha256(self.text.encode()).digest()


@dataclass(frozen=True, slots=True)
class StoredText:
    """A passage without its vector. `text_hash`: the SHA-256 of its text."""

    id: int
    text: str
    text_hash: bytes


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a document was before it took a newer content: its SHA-256 in hex, and its run."""

    sha256: str
    run_id: str | None


@dataclass(frozen=True, slots=True)
class ToReindex:
    """A document that a reindexing looks at, and the generation in which it was cut."""

    id: int
    uid: UUID
    generation: int


class Ingestions(Table):
    """Storage of what ingestions write. Each function that changes several tables is to be called in a transaction."""

    def __init__(self, executor: Executor, bm25: Bm25) -> None:
        super().__init__(executor)
        self._bm25 = bm25

    async def work(self, user: int, uid: UUID, run: UUID | None = None) -> DocumentWork | None:
        """A document of the caller's that this run ingests, or, without a run, any. None also when another run has
        taken its place."""
        row = await self._row("document.work", user, uid, run)
        return DocumentWork(**row) if row else None

    async def report(self, work: DocumentWork, stage: str, progress: float) -> None:
        """Tells how far an ingestion is: from 0 to 1."""
        await self._run("document.report", work.id, stage, progress, work.aside)

    async def put_words(
        self, work: DocumentWork, pages: Sequence[NewPage], chunks: Sequence[NewChunk], warnings: Sequence[str] = ()
    ) -> list[int] | None:
        """Makes a document searchable by words: pages, passages and postings; the passages' keys, in their order. None
        when the document has some already, or is gone, or its collection is to be cut or embedded in another way by
        now."""
        ids: list[int] | None = await self._value(
            "document.put_words",
            work.id, len(pages), len(chunks), work.generation, list(warnings), work.reindex_run, work.embedder_id,
        )  # fmt: skip
        if ids is None:
            return None
        connection: Any = self._executor
        await connection.copy_records_to_table(
            "pages",
            columns=("document_id", "number", "text", "width", "height", "lines"),
            records=[(work.id, p.number, p.text, p.width, p.height, p.lines) for p in pages],
        )
        await connection.copy_records_to_table(
            "chunks",
            columns=(
                "id", "uid", "document_id", "collection_id", "ordinal", "page", "start_offset", "page_end",
                "end_offset", "token_count", "headings", "text", "text_hash",
            ),
            records=[
                (
                    key, c.uid, work.id, work.collection_id, c.ordinal, c.page, c.start, c.page_end, c.end,
                    c.token_count, c.headings, c.text, c.text_hash,
                )
                for key, c in zip(ids, chunks, strict=True)
            ],
        )  # fmt: skip
        findable = [Findable(key, c.text, c.headings, work.name) for key, c in zip(ids, chunks, strict=True)]
        await self._bm25.add(work.collection_id, work.language, findable)
        return ids

    async def unembedded(self, document: int, embedder: int, limit: int) -> list[StoredText]:
        """Passages of a document that have no vector of an embedder, the shortest first."""
        return [StoredText(**row) for row in await self._rows("chunk.unembedded", document, embedder, limit)]

    async def hold(self, document: int) -> bool:
        """Lets nobody else write vectors of a document until the transaction ends. False when it is gone."""
        return await self._row("document.hold", document) is not None

    async def lacking(self, ids: Sequence[int], embedder: int) -> set[int]:
        """Which of these passages are there and have no vector of an embedder."""
        return {row["id"] for row in await self._rows("chunk.lacking", list(ids), embedder)}

    async def put_archive(self, work: DocumentWork, run: UUID, warnings: Sequence[str]) -> bool:
        """Makes an archive complete whose members have become documents. False when another run ingests it by now, or
        it is gone."""
        return await self._row("document.put_archive", work.id, list(warnings), work.generation, run) is not None

    async def complete(self, document: int) -> None:
        """Says that a document's vectors are there."""
        await self._run("document.complete", document)

    async def to_reindex(self, collection: int, after: int, limit: int) -> list[ToReindex]:
        """Documents of a collection that can be searched, by their keys."""
        return [ToReindex(**row) for row in await self._rows("document.to_reindex", collection, after, limit)]

    async def cut_anew(self, work: DocumentWork) -> bool:
        """Takes the pages and passages of a document away, so that those that were cut anew can be put. False when it
        has another content by now, or is gone."""
        if await self._row("document.cut_anew", work.id, bytes.fromhex(work.sha256), work.generation) is None:
            return False
        await self._run("document.clear", work.id)
        return True

    async def keep_cut(self, work: DocumentWork, warning: str) -> None:
        """Leaves a document as it was cut, and says why."""
        await self._run("document.keep_cut", work.id, work.generation, warning)

    async def take_over(self, work: DocumentWork, run: UUID) -> Replaced | None:
        """Gives a document the newer content that this run ingests and takes its pages and passages away, so that those
        of the newer one can be put. None when the run has none for it (any more)."""
        # Who takes in a file holds the document first, then what is on its way for it.
        await self._run("document.hold", work.id)
        row = await self._row("document.take_over", work.id, run)
        if row is None:
            return None
        await self._run("document.clear", work.id)
        return Replaced(row["sha256"], row["run_id"])
