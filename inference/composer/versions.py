"""The functions that are about a toolchain's versions: every save is a draft until it is published."""

from __future__ import annotations

from typing import Any

from inference.composer.catalogue import SHIPPED_VERSION, digest, find_toolchain
from inference.composer.diff import diff_toolchains
from inference.composer.validation import read_toolchain
from inference.errors import InvalidInput, NotFound
from inference.functions import Context, function, no_such
from inference.json_values import is_array, is_object
from inference.models.versions import (
    DiffToolchainVersionsRequest,
    PublishedToolchain,
    PublishToolchainRequest,
    RollBackToolchainRequest,
    ToolchainDifferences,
    ToolchainUse,
    ToolchainUseRequest,
    ToolchainVersion,
    ToolchainVersionList,
    ToolchainVersionsRequest,
    VersionPin,
)

# So many of a toolchain's last runs are counted by version.
_COUNTED_RUNS = 1000


@function(scope="toolchains:read", read_only=True)
async def fetch_toolchain_versions(ctx: Context, request: ToolchainVersionsRequest) -> ToolchainVersionList:
    """The versions of a toolchain, newest first. A shipped one has one version, which is published."""
    found = await ctx.storage.toolchains.versions(
        ctx.user.key, request.toolchain_id, request.limit, request.before_version
    )
    if found:
        more = found[-1].version if len(found) == request.limit and found[-1].version > 1 else None
        return ToolchainVersionList(versions=found, next_before_version=more)
    toolchain = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id)
    if request.before_version is not None:
        return ToolchainVersionList(versions=[])
    title = str(toolchain.definition["title"])
    only = ToolchainVersion(version=SHIPPED_VERSION, title=title, note="", published=True, created_at=None)
    return ToolchainVersionList(versions=[only])


@function(scope="toolchains:write")
async def publish_toolchain(ctx: Context, request: PublishToolchainRequest) -> PublishedToolchain:
    """Makes a version, or the latest, the one that runs take which name none: also of `toolchain/<id>` as a model and
    in conversations. Later saves are drafts until they are published in turn."""
    async with ctx.storage.transaction() as work:
        version = await work.toolchains.publish(ctx.user.key, request.toolchain_id, request.version)
        if version is None:
            raise _no_version(request.toolchain_id, request.version)
        published = await work.toolchains.get(ctx.user.key, request.toolchain_id, version)
        if published:
            # A release of Penstock may have come since it was saved.
            read_toolchain(published.definition)
        if request.note is not None:
            await work.toolchains.annotate(ctx.user.key, request.toolchain_id, version, request.note)
    return PublishedToolchain(id=request.toolchain_id, version=version)


@function(scope="toolchains:write")
async def roll_back_toolchain(ctx: Context, request: RollBackToolchainRequest) -> PublishedToolchain:
    """Takes an older version as the newest one, and publishes it. What was saved since stays among the versions."""
    async with ctx.storage.transaction() as work:
        toolchains = work.toolchains
        older = await toolchains.get(ctx.user.key, request.toolchain_id, request.version)
        if older is None:
            raise _no_version(request.toolchain_id, request.version)
        read_toolchain(older.definition)
        version = await toolchains.save(ctx.user.key, older.id, digest(older.definition), older.definition)
        if version != older.version:
            await toolchains.annotate(ctx.user.key, older.id, version, f"Version {older.version} again.")
        await toolchains.publish(ctx.user.key, older.id, version)
    return PublishedToolchain(id=older.id, version=version)


@function(scope="toolchains:read", read_only=True)
async def diff_toolchain_versions(ctx: Context, request: DiffToolchainVersionsRequest) -> ToolchainDifferences:
    """What differs between two versions, or between a version and a draft. Nodes and edges are told by their names, not
    by their places."""
    before = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.from_version)
    if (request.to_version is None) == (request.toolchain is None):
        raise InvalidInput("Give either `to_version` or a `toolchain` to compare with.", field="to_version")
    if request.toolchain is not None:
        after, version = request.toolchain, None
    else:
        found = await find_toolchain(ctx.storage, ctx.user, request.toolchain_id, request.to_version)
        after, version = found.definition, found.version
    return ToolchainDifferences(
        from_version=before.version, to_version=version, differences=diff_toolchains(before.definition, after)
    )


@function(scope="toolchains:read", read_only=True)
async def fetch_toolchain_use(ctx: Context, request: ToolchainUseRequest) -> ToolchainUse:
    """Who runs which version of a toolchain: the caller's last runs, what starts runs by itself, and the caller's other
    toolchains."""
    name, user = request.toolchain_id, ctx.user.key
    await find_toolchain(ctx.storage, ctx.user, name)
    versions = await ctx.storage.runs.by_version(user, name, _COUNTED_RUNS)
    return ToolchainUse(
        counted=sum(version.runs for version in versions),
        versions=list(versions),
        schedules=len(await ctx.storage.schedules.list(user, name)),
        webhooks=len(await ctx.storage.webhooks.list(user, name)),
        subchains=[
            VersionPin(toolchain_id=saved.id, title=str(saved.definition["title"]), version=version)
            for saved in await ctx.storage.toolchains.list(user)
            for version in _versions_run_by(saved.definition, name)
        ],
    )


def _versions_run_by(definition: dict[str, Any], toolchain_id: str) -> list[int | None]:
    """Which versions of a toolchain the nodes of another run, as nodes or as tools; each once."""
    found = dict[int | None, None]()

    def look(value: Any) -> None:
        if is_object(value):
            if value.get("toolchain") == toolchain_id and (value.get("kind") == "subchain" or "kind" not in value):
                found[value.get("version")] = None
            for held in value.values():
                look(held)
        elif is_array(value):
            for held in value:
                look(held)

    look(definition.get("nodes"))
    return list(found)


def _no_version(toolchain_id: str, version: int | None) -> NotFound:
    if version is None:
        return no_such("toolchain of yours", toolchain_id, "toolchain_id")
    return NotFound(
        f"You have no toolchain {toolchain_id[:80]!r} with version {version}. fetch_toolchain_versions lists them.",
        field="version",
    )
