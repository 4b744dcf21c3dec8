"""Which files of a folder are there already: asked before anything is sent."""

from __future__ import annotations

from uuid import UUID

from inference.functions.context import Context
from inference.functions.identifiers import collection_of
from inference.functions.registry import function
from inference.models.sources import ContentMatch, ContentMatches, MatchContentsRequest

_TOLD_FAILURES = 20


@function(scope="documents:read", read_only=True)
async def match_contents(ctx: Context, request: MatchContentsRequest) -> ContentMatches:
    """For each source, its document in the collection, and whether it has this content: also when that is on its way.
    What has failed is told as changed, so that it is sent once more. Of an archive it is also told how far its
    members' documents are."""
    collection = await collection_of(ctx, request.collection_id)
    sources = [content.source for content in request.contents]
    there = await ctx.storage.documents.by_sources(ctx.user.key, collection, sources)
    ids = [UUID(found.document.id) for found in there.values()]
    tallies = await ctx.storage.documents.member_tallies(ctx.user.key, ids, _TOLD_FAILURES)
    matches: list[ContentMatch] = []
    for content in request.contents:
        found = there.get(content.source)
        same = bool(found and content.sha256.lower() in found.contents)
        document = found.document if found else None
        members = tallies.get(document.id) if document else None
        matches.append(ContentMatch(source=content.source, unchanged=same, document=document, members=members))
    return ContentMatches(matches=matches)
