"""What every step of an ingestion begins with: the document that its run ingests, and whom to tell of progress."""

from __future__ import annotations

import time
from uuid import UUID

from db import DocumentWork
from inference.errors import Conflict
from inference.functions.context import Context, RunScope
from inference.functions.identifiers import no_such, parse_id
from inference.functions.ingestion.turns import Who
from inference.models.documents import IngestStep

# The share of the whole that is done when a stage begins and ends; embedding takes nearly all the time.
_STAGES = {
    "parsing": (0.0, 0.1),
    "expanding": (0.1, 1.0),
    "chunking": (0.1, 0.12),
    "indexing": (0.12, 0.15),
    "embedding": (0.15, 0.97),
    "storing": (0.97, 1.0),
}
_REPORT_EVERY_SECONDS = 0.3


class Step:
    """One step at work on a document, for the run that ingests it."""

    def __init__(self, ctx: Context, run: RunScope, work: DocumentWork, stage: str) -> None:
        self.ctx, self.run, self.work, self._stage = ctx, run, work, stage
        self._told = 0.0

    async def reload(self) -> None:
        """Reads again what there is of the document. Raises as `begin` does."""
        self.work = await find_work(self.ctx, self.run, str(self.work.uid))

    async def enter(self, stage: str) -> None:
        """Begins the next stage."""
        self._stage = stage
        await self.tell(0)

    @property
    def run_uid(self) -> UUID:
        return UUID(self.run.run_id)

    @property
    def who(self) -> Who:
        """Whose turn it is, when it is this one's."""
        return Who(self.ctx.user.key, self.run.priority)

    async def tell(self, part: float) -> None:
        """Tells how far the stage is (0 to 1): the run's watchers, and a few times a second the document's row."""
        if self._stage == "reindexing":
            # The run tells of the collection as a whole.
            return
        begin, end = _STAGES[self._stage]
        whole = round(begin + part * (end - begin), 4)
        await self.run.report(self._stage, whole)
        if part and time.monotonic() - self._told < _REPORT_EVERY_SECONDS:
            return
        self._told = time.monotonic()
        await self.ctx.storage.ingestions.report(self.work, self._stage, whole)


async def begin(ctx: Context, request: IngestStep, stage: str) -> Step:
    """Raises NotFound when the document is gone, and Conflict when its run is not the one that ingests it."""
    if ctx.run is None:
        raise Conflict("This is a step of the toolchain `ingest_document` and works within a run of it only.")
    step = Step(ctx, ctx.run, await find_work(ctx, ctx.run, request.document_id), stage)
    await step.tell(0)
    return step


async def find_work(ctx: Context, run: RunScope, document_id: str) -> DocumentWork:
    """The document that a run ingests. Raises as `begin` does."""
    uid = parse_id(document_id, "document", "document_id")
    work = await ctx.storage.ingestions.work(ctx.user.key, uid, UUID(run.run_id))
    if work is None:
        if await ctx.storage.documents.get(ctx.user.key, uid) is None:
            raise no_such("document", document_id, "document_id")
        raise another_run()
    return work


def another_run() -> Conflict:
    """What a run is told that a document is not ingested by (any more)."""
    return Conflict(
        "Another run ingests this document. `retry_document`, or an upload with its `document_id`, starts one."
    )
