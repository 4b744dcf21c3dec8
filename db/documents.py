"""Documents, their pages and their chunks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from db.table import Table
from inference.models.documents import Chunk, Document, DocumentCounts, DocumentState
from inference.models.sources import MemberTally


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A file that has come in: `sha256` in hex. `origin`: what its source told of it. `parent`: the key of the archive
    that it is a member of."""

    name: str
    content_type: str
    size: int
    sha256: str
    metadata: dict[str, Any]
    source: str | None = None
    origin: dict[str, Any] = field(default_factory=dict[str, Any])
    parent: int | None = None
    idempotency_key: str | None = None

    @property
    def content(self) -> tuple[str, str, int, bytes, dict[str, Any], dict[str, Any]]:
        """What of it is the content's."""
        return self.name, self.content_type, self.size, bytes.fromhex(self.sha256), self.metadata, self.origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What there is of a document when a content comes in for it. `failed`: its ingestion ended before it was complete;
    `update_…`: of a newer content that is on its way."""

    id: int
    uid: UUID
    sha256: str
    metadata: dict[str, Any]
    origin: dict[str, Any]
    has_words: bool
    failed: bool
    run_id: str | None
    update_sha256: str | None
    update_run_id: str | None
    update_failed: bool


@dataclass(frozen=True, slots=True)
class Traces:
    """What a deleted document leaves outside of its rows: its content (SHA-256 in hex), and its run."""

    sha256: str
    run_id: str | None
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page as it is stored. `lines`: as `pack_lines` packed them."""

    document_id: str
    page: int
    page_count: int
    text: str
    width: float | None
    height: float | None
    lines: bytes


@dataclass(frozen=True, slots=True)
class FromSource:
    """A document from a source, with the contents (SHA-256 in hex) that need not be sent for it again."""

    document: Document
    contents: list[str]


class Documents(Table):
    """Storage of documents. `user` is always the caller: nothing of others is found."""

    async def create(self, uid: UUID, user: int, collection: UUID, new: NewDocument) -> bool:
        """False when the collection is not the caller's, or the source was used before."""
        values = (uid, user, collection, *new.content[:5], new.source, new.origin, new.parent)
        return await self._row("document.create", *values) is not None

    async def lock_intake(self, collection: UUID, *, uid: UUID | None = None, source: str | None = None) -> None:
        """Lets nobody else take in a file for a document, by its id or else by its source, until the transaction
        ends."""
        await self._run("document.lock_intake", collection, source, uid)

    async def standing(
        self,
        user: int,
        collection: UUID | None = None,
        *,
        uid: UUID | None = None,
        source: str | None = None,
        parent: int | None = None,
    ) -> Standing | None:
        """A document of the caller's by its id, or by its source in a collection, held until the transaction ends."""
        # Two steps: most of what comes in is new, and the second takes PostgreSQL longer to plan than the first in all.
        key = await self._value("document.find", user, collection, uid, source, parent)
        row = None if key is None else await self._row("document.standing", key)
        return Standing(**row) if row else None

    async def by_sources(self, user: int, collection: UUID, sources: list[str]) -> dict[str, FromSource]:
        """Documents of a collection by their sources; members of archives are not among them."""
        found: dict[str, FromSource] = {}
        for row in await self._rows("document.by_sources", user, collection, sources):
            values = dict(row)
            contents = values.pop("contents")
            found[row["source"]] = FromSource(Document(**values), contents)
        return found

    async def member_tallies(self, user: int, archives: list[UUID], failures: int) -> dict[str, MemberTally]:
        """By the ids of archives that have members, how far these are; at most so many failures of each."""
        rows = await self._rows("document.member_tallies", user, archives, failures)
        return {row["archive"]: MemberTally(**{name: row[name] for name in MemberTally.model_fields}) for row in rows}

    async def members(self, user: int, parent: int) -> dict[UUID, str]:
        """The documents of an archive's members, with their sources."""
        return {row["uid"]: row["source"] or "" for row in await self._rows("document.members", user, parent)}

    async def origins(self, user: int, collection: UUID, begin: str) -> dict[str, dict[str, Any]]:
        """By their sources that begin so, what these told of the documents of a collection."""
        return {row["source"]: row["origin"] for row in await self._rows("document.origins", user, collection, begin)}

    async def counts(self, user: int, collection: UUID) -> DocumentCounts:
        """How many of a collection's documents are in which state. Reads a row each: 0.13 s for 100 000."""
        row = await self._row("document.counts", user, collection)
        return DocumentCounts(**row or {})

    async def failed(self, user: int, collection: UUID) -> list[UUID]:
        """Documents of a collection whose ingestion failed, or that of their newer content."""
        return [row["uid"] for row in await self._rows("document.failed", user, collection)]

    async def renew(self, document: int, new: NewDocument, run: UUID) -> None:
        """Gives a document that could never be searched another content."""
        await self._run("document.renew", document, *new.content, run)

    async def put_update(self, document: int, new: NewDocument, run: UUID) -> None:
        """A newer content of a document that can be searched, in place of another that was on its way."""
        await self._run("document_update.put", document, *new.content, run)

    async def give_up_update(self, document: int) -> None:
        await self._run("document_update.delete", document)

    async def set_update_run(self, document: int, run: UUID) -> None:
        await self._run("document_update.set_run", document, run)

    async def set_metadata(self, document: int, metadata: dict[str, Any], origin: dict[str, Any]) -> None:
        """What a source says of a content that has not changed."""
        await self._run("document.set_metadata", document, metadata, origin)

    async def claim_key(self, user: int, collection: UUID, key: str, sha256: str) -> bool:
        """Takes a key for the upload of a content to the caller's collection. False when it was used before, or the
        collection is not the caller's."""
        return await self._row("upload_key.claim", user, collection, key, bytes.fromhex(sha256)) is not None

    async def settle_key(self, key: str, document: UUID, run: UUID | None) -> None:
        """Keeps what became of the upload with a key."""
        await self._run("upload_key.settle", key, document, run)

    async def find_key(self, user: int, collection: UUID, key: str) -> tuple[str, str | None, str] | None:
        """Document, run and content (SHA-256 in hex) of the upload that used a key."""
        row = await self._row("upload_key.find", user, collection, key)
        return (row["document_id"], row["run_id"], row["sha256"]) if row else None

    async def set_run(self, uid: UUID, run: UUID) -> None:
        await self._run("document.set_run", uid, run)

    async def get(self, user: int, uid: UUID) -> Document | None:
        row = await self._row("document.get", user, uid)
        return Document(**row) if row else None

    async def page(self, user: int, uid: UUID, number: int) -> StoredPage | None:
        row = await self._row("page.get", user, uid, number)
        return StoredPage(**row) if row else None

    async def lines(self, user: int, uid: UUID, numbers: list[int]) -> dict[int, tuple[bytes, int]]:
        """By number, of those pages that have a shape: their packed lines, and how many characters they have."""
        rows = await self._rows("page.lines", user, uid, numbers)
        return {row["number"]: (row["lines"], row["length"]) for row in rows}

    async def chunk_with_neighbours(self, user: int, uid: UUID) -> list[Chunk]:
        """The chunk and those directly before and after it, in order; empty when there is none."""
        return [Chunk(**row) for row in await self._rows("chunk.get", user, uid)]

    async def chunks(self, user: int, uid: UUID, after: int, limit: int) -> list[Chunk]:
        """Chunks of a document behind the one with the ordinal `after`, in order."""
        return [Chunk(**row) for row in await self._rows("chunk.list", user, uid, after, limit)]

    async def delete(self, user: int, *uids: UUID) -> list[Traces]:
        """Deletes documents with their members, in a transaction; nothing where there was no such document."""
        # What comes in meanwhile would go with them and leave no trace.
        await self._run("document.seize", user, list(uids))
        return [Traces(**row) for row in await self._rows("document.delete", user, list(uids))]

    async def contents_of_collection(self, user: int, collection: UUID) -> list[Traces]:
        """What a collection's documents would leave outside of their rows."""
        return [Traces(**row) for row in await self._rows("document.contents_of_collection", user, collection)]

    async def forget_runs(self, user: int, documents: list[str]) -> None:
        """Forgets the runs that ingested these (deleted) documents, as far as they have ended."""
        await self._run("document.forget_runs", user, documents)

    async def lock_contents(self, contents: list[str]) -> None:
        """Lets nobody else keep or delete the files of these contents (SHA-256 in hex) until the transaction ends."""
        await self._run("document.lock_contents", [bytes.fromhex(content) for content in contents])

    async def leave_contents(self, document: int, contents: list[str]) -> list[int]:
        """Notes contents (SHA-256 in hex) that the transaction gives up: their files are to go when it has ended. Gives
        what `forget_left` knows them by."""
        given = [bytes.fromhex(content) for content in contents]
        return [row["id"] for row in await self._rows("document.leave_contents", document, given)]

    async def left_contents(self, document: int | None, limit: int) -> dict[int, str]:
        """Contents (SHA-256 in hex) that a document has given up, or any has, by what `forget_left` knows them by."""
        return {row["id"]: row["sha256"] for row in await self._rows("document.left_contents", document, limit)}

    async def forget_left(self, notes: list[int]) -> None:
        """Forgets contents that were given up, as their files are gone or used."""
        await self._run("document.forget_left", notes)

    async def still_used(self, contents: list[str]) -> set[str]:
        """Which of these contents (SHA-256 in hex) some document refers to."""
        rows = await self._rows("document.still_used", [bytes.fromhex(content) for content in contents])
        return {row["sha256"] for row in rows}

    async def list(
        self, user: int, collection: UUID, limit: int, before: UUID | None, state: DocumentState | None
    ) -> list[Document]:
        rows = await self._rows("document.list", user, collection, limit, before, state)
        return [Document(**row) for row in rows]
