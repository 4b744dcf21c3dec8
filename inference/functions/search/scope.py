"""What a search is about: collections of the caller's, and what a filter lets through of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from db import Admitted, AllowedChunks, AllowedWhere, Basis, CollectionKey, DocumentFilter, Query, Storage
from inference.functions.context import Context
from inference.functions.identifiers import no_such, parse_id
from inference.functions.moments import parse_optional_moment
from inference.functions.search.conditions import compile_condition
from inference.models.search import SearchFilter, SearchRequest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    ChunkIds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scope:
    """Collections, and what of them is searched: None where no filter narrows it."""

    collections: list[CollectionKey]
    allowed: Admitted | None

    @property
    def keys(self) -> list[int]:
        return [collection.id for collection in self.collections]

    def basis(self, query: Query) -> list[Basis]:
        """What an answer to the query goes by, to be compared when the chunks have been found."""
        is_bound = self.allowed is not None or bool(query.required or query.excluded)
        return [Basis(c.id, c.embedder_id, c.deletions if is_bound else None) for c in self.collections]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search."""
        return self.most == 0

    @property
    def most(self) -> int:
        """How many chunks are searched, at most."""
        whole = sum(collection.chunk_count for collection in self.collections)
        return whole if self.allowed is None else min(whole, self.allowed.most)


async def find_scope(ctx: Context, request: SearchRequest) -> Scope:
    """Raises NotFound for a collection or document that is not the caller's, and InvalidInput."""
    asked = [parse_id(collection, "collection", "collection_ids") for collection in request.collection_ids]
    collections = await ctx.storage.collections.resolve(ctx.user.key, asked or None)
    known = {collection.uid for collection in collections}
    for uid in asked:
        if uid not in known:
            raise no_such("collection", str(uid), "collection_ids")
    wanted = _wanted(request.filter)
    if wanted is None:
        return Scope(collections, None)
    if wanted.uids and (others := await ctx.storage.search.not_owned(ctx.user.key, wanted.uids)):
        raise no_such("document", others[0], "filter.document_ids")
    keys = [collection.id for collection in collections]
    return Scope(collections, await ctx.storage.search.allowed(ctx.user.key, keys, wanted))


def _wanted(given: SearchFilter | None) -> DocumentFilter | None:
    if given is None or not given.model_dump(exclude_none=True):
        return None
    compiled = compile_condition(given.where, "filter.where") if given.where else None
    return DocumentFilter(
        uids=None
        if given.document_ids is None
        else [parse_id(document, "document", "filter.document_ids") for document in given.document_ids],
        uploaded_after=parse_optional_moment(given.uploaded_after, "filter.uploaded_after"),
        uploaded_before=parse_optional_moment(given.uploaded_before, "filter.uploaded_before"),
        documents=compiled.documents if compiled else None,
        chunks=compiled.path if compiled else None,
        of_chunks=compiled.of_chunks if compiled else False,
    )


def allowed_to_words(storage: Storage, allowed: Admitted | None) -> AllowedChunks | AllowedWhere | None:
    """A filter as the lane of words takes it."""
    if allowed is None:
        return None
    if allowed.chunks is not None:
        return AllowedChunks(np.array(allowed.chunks, dtype=np.int64))
    documents = allowed.documents

    async def check(chunks: list[int]) -> Collection[int]:
        return await storage.search.among_documents(chunks, documents)

    return AllowedWhere(check)
