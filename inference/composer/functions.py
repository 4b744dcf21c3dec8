"""The functions that are about toolchains."""

from __future__ import annotations

from typing import Any

from db import ListedToolchain, NewerVersion
from inference.composer.catalogue import SHIPPED_VERSION, digest, find_toolchain, has_page, is_chat, shipped_toolchains
from inference.composer.importing import import_querylake, is_querylake
from inference.composer.launching import Composer
from inference.composer.validation import check_toolchain, read_toolchain
from inference.errors import Conflict, NotAvailableHere
from inference.functions import Context, function, no_such
from inference.models.common import Empty, Fault
from inference.models.toolchain import (
    ImportToolchainResult,
    SaveToolchainRequest,
    SaveToolchainResult,
    StoredToolchain,
    ToolchainList,
    ToolchainReference,
    ToolchainRequest,
    ToolchainSummary,
    ValidateToolchainResult,
)


def composer_of(ctx: Context) -> Composer:
    """The composer that lent itself to this context."""
    if not isinstance(ctx.launch, Composer):
        raise NotAvailableHere("This process carries no runs.")
    return ctx.launch


@function(scope="toolchains:read", read_only=True)
async def get_available_toolchains(ctx: Context, request: Empty) -> ToolchainList:
    """The shipped toolchains and the caller's own; one's own takes the place of a shipped one with its id."""
    own = {saved.id: saved for saved in await ctx.storage.toolchains.list(ctx.user.key)}
    shipped = {name: d for name, d in shipped_toolchains().items() if name not in own}
    summaries = [_summary_of_shipped(definition) for definition in shipped.values()]
    return ToolchainList(toolchains=summaries + [_summary(saved) for saved in own.values()])


@function(scope="toolchains:read", read_only=True)
async def fetch_toolchain(ctx: Context, request: ToolchainReference) -> StoredToolchain:
    """A toolchain as it was saved: the latest version, or the one asked for."""
    draft = request.version is None and await ctx.storage.toolchains.latest(ctx.user.key, request.toolchain_id)
    found = draft or await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.version)
    shipped = found.definition is shipped_toolchains().get(found.id)
    return StoredToolchain(id=found.id, version=found.version, shipped=shipped, toolchain=found.definition)


@function(scope="toolchains:read", read_only=True)
async def validate_toolchain(ctx: Context, request: ToolchainRequest) -> ValidateToolchainResult:
    """Every fault of a toolchain at once; nothing is saved."""
    _, faults = check_toolchain(request.toolchain, ctx.user)
    return ValidateToolchainResult(valid=not faults, faults=faults)


@function(scope="toolchains:write")
async def save_toolchain(ctx: Context, request: SaveToolchainRequest) -> SaveToolchainResult:
    """Saves a toolchain without faults as the next version of its id; saving the same again makes no new one. Once a
    version has been published, later ones are drafts that are run when a call names them. With `expected_version`
    nothing is saved over what somebody else saved in the meantime: that is a 409."""
    toolchain = read_toolchain(request.toolchain, ctx.user)
    text, expected = request.toolchain, request.expected_version
    try:
        async with ctx.storage.transaction() as work:
            version = await work.toolchains.save(ctx.user.key, toolchain.id, digest(text), text, expected)
    except NewerVersion as newer:
        raise VersionConflict(toolchain.id, expected or 0, newer.latest) from None
    return SaveToolchainResult(id=toolchain.id, version=version)


@function(scope="toolchains:write")
async def import_toolchain(ctx: Context, request: ToolchainRequest) -> ImportToolchainResult:
    """Takes in a toolchain that was exported elsewhere, also one of QueryLake's (V1 and V2), and tells what of it could
    not be carried over. An id that the caller uses already is refused."""
    definition, notes = request.toolchain, list[Fault]()
    if is_querylake(definition):
        imported = import_querylake(definition)
        definition = imported.toolchain
        notes = [Fault(path=note.path, message=note.message) for note in imported.notes]
        definition, left_out = without_faulty_page(definition)
        notes += left_out
    toolchain = read_toolchain(definition, ctx.user)
    if await ctx.storage.toolchains.get(ctx.user.key, toolchain.id, None):
        raise Conflict(
            f"You have a toolchain {toolchain.id!r}. Give this one another id, or save it as a version.",
            field="toolchain.id",
        )
    saved = await save_toolchain(ctx, SaveToolchainRequest(toolchain=definition))
    return ImportToolchainResult(id=saved.id, version=saved.version, notes=notes)


@function(scope="toolchains:write")
async def delete_toolchain(ctx: Context, request: ToolchainReference) -> Empty:
    """Deletes one of the caller's toolchains with its versions, schedules and webhooks; its runs stay."""
    if not await ctx.storage.toolchains.delete(ctx.user.key, request.toolchain_id):
        raise no_such("toolchain of yours", request.toolchain_id, "toolchain_id")
    return Empty()


def without_faulty_page(definition: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """A foreign toolchain as it is, or, if its page has faults, without it and with what they are: the description of a
    UI never keeps the rest from being imported."""
    faults = [fault for fault in check_toolchain(definition)[1] if fault.path.startswith("page")]
    if not faults:
        return definition, []
    return definition | {"page": None}, [Fault(path="page", message="it is left out, for it has faults"), *faults]


class VersionConflict(Conflict):
    """Somebody saved a version since the one that the caller knows of."""

    def __init__(self, toolchain_id: str, expected: int, latest: int) -> None:
        there = f"is at version {latest}" if latest else "has no version"
        super().__init__(
            f"The toolchain {toolchain_id!r} {there} by now, and you began at {expected or 'none'}: nothing was saved. "
            f"Compare the two, then save with expected_version {latest}, or under another id.",
            field="expected_version",
        )


def _summary_of_shipped(definition: dict[str, Any]) -> ToolchainSummary:
    return ToolchainSummary(
        id=definition["id"],
        title=definition["title"],
        description=definition.get("description", ""),
        version=SHIPPED_VERSION,
        shipped=True,
        chat=is_chat(definition),
        page=has_page(definition),
        updated_at=None,
        published_version=SHIPPED_VERSION,
    )


def _summary(saved: ListedToolchain) -> ToolchainSummary:
    return ToolchainSummary(
        id=saved.id,
        title=saved.definition["title"],
        description=saved.definition.get("description", ""),
        version=saved.version,
        shipped=False,
        chat=is_chat(saved.published or saved.definition),
        page=has_page(saved.published or saved.definition),
        updated_at=saved.updated_at,
        published_version=saved.published_version,
        faults=saved.faults,
    )
