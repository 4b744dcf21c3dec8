"""Vectors of queries. Embedding a query takes longer than all the rest of a search, and people ask again."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256

import numpy as np

from inference.errors import Conflict
from inference.functions.context import Context
from inference.runner import embed, embedder_of

_REMEMBERED = 4096


class QueryVectors:
    """Remembers the last ones, as big-endian float16, by the fingerprint of what made them."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._vectors: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

    async def get(self, ctx: Context, model: str, dimensions: int, text: str) -> tuple[bytes, bool]:
        """The vector and whether it was known. Raises Conflict when the model no longer gives vectors of this length,
        and what `embed` raises."""
        embedder = await embedder_of(ctx.runner, model)
        if embedder.dimensions != dimensions:
            raise Conflict(
                f"The model {model} gives vectors of {embedder.dimensions} dimensions now, and a collection has some "
                f"of {dimensions}. Give the collection new ones with reindex_collection.",
                field="collection_ids",
            )
        key = (embedder.fingerprint, sha256(text.encode()).digest())
        known = self._vectors.get(key)
        if known is not None:
            self._vectors.move_to_end(key)
            return known, True
        rows = await embed(ctx.runner, model, [text], "query")
        vector = self._vectors[key] = rows[0].astype(np.dtype(">f2")).tobytes()
        if len(self._vectors) > self._remembered:
            self._vectors.popitem(last=False)
        return vector, False
