"""Archives: a document of its own for each file in one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from db import NewDocument, Received, content_key
from inference.functions.context import Context
from inference.functions.identifiers import no_such
from inference.functions.ingestion.contents import clear_away, delete_unused_contents, stop_runs
from inference.functions.ingestion.intake import file_type, safe_name, take_in
from inference.functions.ingestion.work import Step, begin
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
    those that it has no more are deleted."""
    step = await begin(ctx, request, "expanding")
    members, expansion = await _unpack(step)
    kept: set[str] = set()
    for done, member in enumerate(members, 1):
        kept.add(await _take_in(step, member))
        await step.tell(done / len(members))
    await delete_members(ctx, step.work.id, kept)
    await _publish(step, [f"{skipped.name}: {skipped.reason}" for skipped in expansion.skipped])
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
        source=f"{work.source or work.name}!{member.name}"[-_LONGEST_SOURCE:],
        parent=work.id,
    )
    return (await take_in(step.ctx, work.collection_uid, new, member.file)).document_id


async def _publish(step: Step, warnings: list[str]) -> None:
    replaced = None
    async with step.ctx.storage.transaction() as transaction:
        if step.work.aside:
            replaced = await transaction.ingestions.take_over(step.work, step.run_uid)
            if replaced is None:
                raise no_such("newer content of the document", str(step.work.uid), "document_id")
        await transaction.ingestions.put_archive(step.work, warnings)
    if replaced:
        await delete_unused_contents(step.ctx, [replaced.sha256])


async def delete_members(ctx: Context, parent: int, keep: set[str]) -> None:
    """Deletes the documents of an archive's members, but for those with these ids."""
    for uid in await ctx.storage.documents.members(ctx.user.key, parent):
        if str(uid) not in keep:
            async with ctx.storage.transaction() as work:
                traces = await work.documents.delete(ctx.user.key, uid)
                ended = await stop_runs(ctx, work, traces)
            await clear_away(ctx, traces, ended)
