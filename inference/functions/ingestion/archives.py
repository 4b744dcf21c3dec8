"""Archives: a document of its own for each file in one."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from db import NewDocument, Received, Storage, content_key
from inference.functions.context import Context
from inference.functions.identifiers import no_such
from inference.functions.ingestion.contents import delete_left_contents, stop_runs
from inference.functions.ingestion.intake import file_type, safe_name, take_in
from inference.functions.ingestion.work import Step, another_run, begin
from inference.functions.reading import Expansion, Member, expand_archive_isolated
from inference.functions.registry import function
from inference.models.documents import IngestStep, IngestStepResult

_LONGEST_SOURCE = 2000


@dataclass(frozen=True, slots=True)
class _Unpacked:
    """A member, and where its bytes lie."""

    name: str
    file: Received


@function(scope="documents:write", repeatable=True)
async def expand_archive(ctx: Context, request: IngestStep) -> IngestStepResult:
    """Makes a document of each file in an archive. Of a newer archive, only members that have changed are ingested, and
    those that it has no more are deleted, all or none; those that it has and that cannot be taken stay as they were."""
    step = await begin(ctx, request, "expanding")
    members, expansion = await _unpack(step)
    kept: set[str] = set()
    for done, member in enumerate(members, 1):
        kept.add(await _take_in(step, member))
        await step.tell(done / len(members))
    await _publish(step, kept, expansion)
    return IngestStepResult(document_id=request.document_id, page_count=0, chunk_count=0, is_archive=True)


async def _unpack(step: Step) -> tuple[list[_Unpacked], Expansion]:
    """All members, in the run's scratch space: whether the archive is whole shows at its end only."""
    members: list[_Unpacked] = []

    async def on_member(member: Member, data: bytes) -> None:
        place = step.run.scratch(f"members/{len(members):06d}")
        await step.ctx.objects.put(place, data)
        members.append(_Unpacked(member.name, Received(hashlib.sha256(data).hexdigest(), len(data), place)))

    data = await step.ctx.objects.get(content_key(step.work.sha256))
    expansion = await expand_archive_isolated(data, step.work.name, on_member)
    return members, expansion


async def _take_in(step: Step, member: _Unpacked) -> str:
    """Starts the ingestion of a member, unless its document has this content already; the document's id."""
    work = step.work
    name = safe_name(member.name)
    new = NewDocument(
        name=name,
        content_type=file_type(name),
        size=member.file.size,
        sha256=member.file.sha256,
        metadata=work.metadata,
        source=_source(step, member.name),
        parent=work.id,
    )
    return (await take_in(step.ctx, work.collection_uid, new, member.file)).document_id


async def _publish(step: Step, kept: set[str], expansion: Expansion) -> None:
    """Makes the archive complete, and members that it has no more go with what it was before, in one transaction. One
    that could not be taken stays as it was."""
    warnings = [f"{skipped.name}: {skipped.reason}" for skipped in expansion.skipped]
    untaken = {_source(step, skipped.name) for skipped in expansion.skipped}
    async with step.ctx.storage.transaction() as transaction:
        ended = await take_over(step, transaction) if step.work.aside else []
        if not await transaction.ingestions.put_archive(step.work, step.run_uid, warnings):
            raise another_run()
        ended += await delete_members(step, transaction, kept, untaken)
    await clear_left(step, ended)


def _source(step: Step, name: str) -> str:
    return f"{step.work.source or step.work.name}!{name}"[-_LONGEST_SOURCE:]


async def take_over(step: Step, work: Storage) -> list[str]:
    """Gives the document its newer content, in a transaction, and asks for the end of the run that is still at work on
    the one before; gives it when nobody else will clean up its scratch space. Raises NotFound when there is no newer
    content (any more)."""
    replaced = await work.ingestions.take_over(step.work, step.run_uid)
    if replaced is None:
        raise no_such("newer content of the document", str(step.work.uid), "document_id")
    await work.documents.leave_contents(step.work.id, [replaced.sha256])
    before = replaced.run_id
    return [before] if before and await work.runs.cancel(step.ctx.user.key, UUID(before)) == "cancelled" else []


async def delete_members(
    step: Step, work: Storage, kept: Set[str] = frozenset(), untaken: Set[str] = frozenset()
) -> list[str]:
    """Deletes the documents of an archive's members, in a transaction, but for those with the ids `kept` and those from
    the sources `untaken` or from archives there; gives the runs whose scratch space nobody else will clean up."""
    members = await work.documents.members(step.ctx.user.key, step.work.id)
    gone = [uid for uid, source in members.items() if str(uid) not in kept and untaken.isdisjoint(_and_above(source))]
    if not gone:
        return []
    traces = await work.documents.delete(step.ctx.user.key, *gone)
    await work.documents.leave_contents(step.work.id, [trace.sha256 for trace in traces])
    return await stop_runs(step.ctx, work, traces)


def _and_above(source: str) -> list[str]:
    """A source, and those of the folders and archives that it lies in."""
    parts = source.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


async def clear_left(step: Step, ended: list[str]) -> None:
    """Deletes the files that the document's transactions left, this step's or those of one before, with the scratch
    space of runs that have ended."""
    for run in ended:
        await step.ctx.objects.delete_scratch(run)
    await delete_left_contents(step.ctx.storage, step.ctx.objects, step.work.id)
