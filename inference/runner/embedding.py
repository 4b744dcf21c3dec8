"""Embeddings from a leased model, in OpenAI's format."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import orjson

from inference.errors import InvalidInput, UpstreamFailed
from inference.runner.calls import Caller, calling, portions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inference.runner import Embedder, InputKind, Runner

TEXTS_PER_REQUEST = 256  # enough to sort by length, little enough that a lost engine costs seconds
TEXTS_PER_PROVIDER_REQUEST = 96  # what the strictest of the common providers takes
FLOAT_BYTES = 4


async def embed_array(
    runner: Runner, model: str, texts: Sequence[str], kind: InputKind, caller: str, *, background: bool = False
) -> NDArray[np.float32]:
    numpy = import_module("numpy")  # 12 MiB that only a process that embeds has to carry
    known = await _known(runner, model)
    rows = await embed_rows(runner, model, texts, kind, caller, background=background)
    flat: NDArray[np.float32] = numpy.frombuffer(b"".join(rows), dtype="<f4")
    return flat.reshape(len(rows), -1) if rows else flat.reshape(0, known.dimensions if known else 0)


async def embed_rows(
    runner: Runner,
    model: str,
    texts: Sequence[str],
    kind: InputKind = "passage",
    caller: str = "",
    *,
    background: bool = False,
) -> list[bytes]:
    """One vector a text, in order, as little-endian float32 bytes. Errors as `inference.runner.embed`."""
    known = await _known(runner, model)
    distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    wanted = list(distinct)
    rows: list[bytes] = []
    async with calling(runner, model, caller, background=background) as engine:
        if known is None or known.precision == "remote":
            prefix = "" if known is None else known.query_prefix if kind == "query" else known.passage_prefix
            for some in portions([prefix + text for text in wanted], TEXTS_PER_PROVIDER_REQUEST):
                rows += await _request(engine, some, {}, known)
        else:
            for some in portions(wanted, TEXTS_PER_REQUEST):
                rows += await _request(engine, some, {"input_type": kind}, known)
    return [rows[distinct[text]] for text in texts]


async def _known(runner: Runner, model: str) -> Embedder | None:
    """None for a provider's model that nobody has described: it is asked as it is."""
    try:
        return await runner.embedder(model)
    except InvalidInput:
        return None


async def _request(engine: Caller, texts: Sequence[str], more: dict[str, Any], known: Embedder | None) -> list[bytes]:
    content = await engine.post("/embeddings", {"input": texts, "encoding_format": "base64", **more})
    rows = rows_of(content, len(texts))
    if known and len(rows[0]) != known.dimensions * FLOAT_BYTES:
        raise UpstreamFailed(
            f"The model {known.id} answered vectors of {len(rows[0]) // FLOAT_BYTES} numbers; "
            f"{known.dimensions} are wanted. Set its `dimensions` in models.yaml."
        )
    return rows


def rows_of(content: bytes, expected: int) -> list[bytes]:
    """The vectors of an OpenAI embeddings answer in the order of their `index`. Raises UpstreamFailed."""
    try:
        data = cast("list[dict[str, Any]]", orjson.loads(content)["data"])
        rows = [_row(entry["embedding"]) for entry in sorted(data, key=lambda entry: int(entry["index"]))]
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise UpstreamFailed("The embedding model's answer is not in OpenAI's format.") from error
    if len(rows) != expected or len({len(row) for row in rows}) > 1:
        raise UpstreamFailed(f"The embedding model answered {len(rows)} vectors for {expected} texts.")
    return rows


def _row(vector: str | list[float]) -> bytes:
    """Some providers ignore `encoding_format` and answer numbers."""
    return (
        base64.b64decode(vector, validate=True) if isinstance(vector, str) else struct.pack(f"<{len(vector)}f", *vector)
    )
