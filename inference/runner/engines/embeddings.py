"""`POST /v1/embeddings` in OpenAI's format over anything that makes vectors.

One field is not OpenAI's: `input_type`, `query` or `passage`, for models that want to know, and because queries go
first.
"""

from __future__ import annotations

import base64
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

import orjson
from aiohttp import web

from inference.runner.engines.serving import Refusal, caller_of, check_model, read_object

MAX_TEXTS = 2048  # OpenAI's own limit
MAX_CHARACTERS = 2_000_000  # of one text; all but its beginning is cut anyway, and cutting it into tokens takes time

InputType = Literal["query", "passage"] | None


class Embedder(Protocol):
    """`model` with vectors of `dimensions` numbers."""

    @property
    def model(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    async def embed(self, texts: Sequence[str], input_type: InputType, caller: str) -> tuple[list[bytes], int]:
        """A vector a text, in order, as little-endian float32 bytes, and how many tokens were read for them."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    texts: list[str]
    encoding: Literal["float", "base64"]
    input_type: InputType


def embedding_routes(embedder: Embedder) -> list[web.RouteDef]:
    async def embeddings(request: web.Request) -> web.Response:
        asked = parse_request(await read_object(request), embedder.model, embedder.dimensions)
        rows, tokens = await embedder.embed(asked.texts, asked.input_type, caller_of(request))
        return web.Response(body=render(rows, asked.encoding, embedder.model, tokens), content_type="application/json")

    return [web.post("/v1/embeddings", embeddings)]


def parse_request(body: dict[str, Any], model: str, dimensions: int) -> EmbeddingRequest:
    """Raises Refusal, naming the field."""
    check_model(body, model)
    encoding = body.get("encoding_format") or "float"
    if encoding not in ("float", "base64"):
        raise Refusal(400, "'encoding_format' must be 'float' or 'base64'.", param="encoding_format")
    if body.get("dimensions") not in (None, dimensions):
        raise Refusal(400, f"{model} makes vectors of {dimensions} numbers and no others.", param="dimensions")
    input_type = body.get("input_type")
    if input_type not in (None, "query", "passage"):
        raise Refusal(400, "'input_type' must be 'query' or 'passage'.", param="input_type")
    return EmbeddingRequest(_texts(body.get("input")), encoding, input_type)


def _texts(value: object) -> list[str]:
    items: list[object] = cast("list[object]", value) if isinstance(value, list) else [value]
    if not 0 < len(items) <= MAX_TEXTS:
        raise Refusal(400, f"'input' must hold 1 to {MAX_TEXTS} texts, not {len(items)}.", param="input")
    wheres = (f"input[{place}]" if isinstance(value, list) else "input" for place in range(len(items)))
    return [check_text(item, where, "input") for item, where in zip(items, wheres, strict=True)]


def check_text(item: object, where: str, param: str) -> str:
    """A text that a model can read. Raises Refusal."""
    if isinstance(item, int | list):
        raise Refusal(400, f"'{where}' holds token ids; this model takes texts.", param=param)
    if not isinstance(item, str):
        raise Refusal(400, f"'{where}' must be a text.", param=param)
    if not item:
        raise Refusal(400, f"'{where}' cannot be an empty string.", param=param)
    if len(item) > MAX_CHARACTERS:
        raise Refusal(413, f"'{where}' has {len(item)} characters; at most {MAX_CHARACTERS} are taken.", param=param)
    return item


def render(rows: Sequence[bytes], encoding: Literal["float", "base64"], model: str, tokens: int) -> bytes:
    write = _base64 if encoding == "base64" else _floats
    data = [{"object": "embedding", "index": place, "embedding": write(row)} for place, row in enumerate(rows)]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return orjson.dumps({"object": "list", "data": data, "model": model, "usage": usage})


def _base64(row: bytes) -> str:
    return base64.b64encode(row).decode()


def _floats(row: bytes) -> list[float]:
    return array("f", row).tolist()
