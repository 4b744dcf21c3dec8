"""Files that come in: as new documents, as newer contents of documents, or as what is there already."""

from __future__ import annotations

import mimetypes
import unicodedata
from pathlib import PurePosixPath
from uuid import UUID

from db import NewDocument, Received, Standing, Storage
from inference.errors import Conflict
from inference.functions.context import Context
from inference.functions.identifiers import new_id, no_such
from inference.functions.ingestion.contents import delete_unused_contents
from inference.models.documents import UploadResult

INGEST = "ingest_document"

_LONGEST_NAME = 255


def safe_name(name: str) -> str:
    """The last part of a file's name, without paths and control characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C").strip()
    return printable[-_LONGEST_NAME:] if printable not in ("", ".", "..") else "document"


def file_type(name: str) -> str:
    """The content type that a name's ending stands for."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


async def take_in(
    ctx: Context, collection: UUID, new: NewDocument, file: Received, *, document: UUID | None = None, priority: int = 0
) -> UploadResult:
    """Keeps a file and starts its ingestion: as the newer content of `document`, or of the document with its source, or
    as a new document. Nothing is done when it has this content already.

    Raises NotFound for a collection or document that is not the caller's, and Conflict for an idempotency key that was
    used for another file.
    """
    intake = _Intake(ctx, collection, new, file, priority)
    try:
        async with ctx.storage.transaction() as work:
            result = await intake.take(work, document)
    except Exception:
        await delete_unused_contents(ctx, [new.sha256])
        raise
    for run in intake.stopped:
        await ctx.objects.delete_scratch(run)
    if intake.dropped:
        await delete_unused_contents(ctx, intake.dropped)
    return result


class _Intake:
    """Decides what becomes of one file. `dropped` are the contents, `stopped` the runs that it put an end to."""

    def __init__(self, ctx: Context, collection: UUID, new: NewDocument, file: Received, priority: int) -> None:
        self._ctx, self._collection, self._new, self._file = ctx, collection, new, file
        self._priority = priority
        self.dropped: list[str] = []
        self.stopped: list[str] = []

    async def take(self, work: Storage, document: UUID | None) -> UploadResult:
        key, user = self._new.idempotency_key, self._ctx.user.key
        if key is None:
            return await self._take(work, document)
        if not await work.documents.claim_key(user, self._collection, key, self._new.sha256):
            return await self._earlier(work, key)
        result = await self._take(work, document)
        await work.documents.settle_key(key, UUID(result.document_id), UUID(result.run_id) if result.run_id else None)
        return result

    async def _take(self, work: Storage, document: UUID | None) -> UploadResult:
        new, user = self._new, self._ctx.user.key
        standing = None
        if document or new.source is not None:
            source = None if document else new.source
            await work.documents.lock_intake(self._collection, uid=document, source=source)
            standing = await work.documents.standing(
                user, self._collection, uid=document, source=source, parent=new.parent
            )
        if standing:
            return await self._renew(work, standing)
        if document:
            raise no_such("document", str(document), "document_id")
        uid = new_id()
        if await work.documents.create(uid, user, self._collection, new):
            run = await self._begin(work, uid)
            await work.documents.set_run(uid, run)
            return UploadResult(document_id=str(uid), run_id=str(run))
        raise no_such("collection", str(self._collection), "collection_id")

    async def _begin(self, work: Storage, uid: UUID) -> UUID:
        """Keeps the bytes and launches their ingestion."""
        await work.documents.lock_contents([self._new.sha256])
        await self._ctx.objects.keep(self._file)
        given = {"document_id": str(uid)}
        return await self._ctx.launch(self._ctx, work, INGEST, given, priority=self._priority)

    async def _renew(self, work: Storage, old: Standing) -> UploadResult:
        new, documents = self._new, work.documents
        if new.sha256 == old.sha256 and not old.failed:
            await self._give_up_update(work, old)
            if (new.metadata and new.metadata != old.metadata) or new.origin != old.origin:
                await documents.set_metadata(old.id, new.metadata or old.metadata, new.origin)
            return UploadResult(document_id=str(old.uid), run_id=old.run_id or "", unchanged=True)
        if new.sha256 == old.update_sha256 and old.update_run_id and not old.update_failed:
            return UploadResult(document_id=str(old.uid), run_id=old.update_run_id)
        run = await self._begin(work, old.uid)
        if old.has_words and new.sha256 != old.sha256:
            await self._stop(work, old.update_run_id)
            await documents.put_update(old.id, new, run)
            self.dropped += [old.update_sha256] if old.update_sha256 else []
        else:
            # Nothing of it can be searched, or it is the same content once more: there is nothing to be kept meanwhile.
            await self._stop(work, old.run_id)
            await self._give_up_update(work, old)
            await documents.renew(old.id, new, run)
            self.dropped.append(old.sha256)
        return UploadResult(document_id=str(old.uid), run_id=str(run))

    async def _give_up_update(self, work: Storage, old: Standing) -> None:
        await self._stop(work, old.update_run_id)
        if old.update_sha256:
            await work.documents.give_up_update(old.id)
            self.dropped.append(old.update_sha256)

    async def _stop(self, work: Storage, run: str | None) -> None:
        if run and await work.runs.cancel(self._ctx.user.key, UUID(run)) == "cancelled":
            self.stopped.append(run)

    async def _earlier(self, work: Storage, key: str) -> UploadResult:
        """What became of the upload that used the key first."""
        earlier = await work.documents.find_key(self._ctx.user.key, self._collection, key)
        if earlier is None:
            raise no_such("collection", str(self._collection), "collection_id")
        document, run, sha256 = earlier
        if sha256 != self._new.sha256:
            raise Conflict("This Idempotency-Key was used for another file. Take a new key.", field="Idempotency-Key")
        return UploadResult(document_id=document, run_id=run or "")
