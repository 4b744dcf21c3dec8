"""`POST /v1/multi_vectors` and `/v1/rerank`: pages are pictures, queries are texts.

multi_vectors   {model, input: [{text} | {image}], encoding_format?: float | base64}
                {object, model, data: [{object, index, shape: [parts, dimensions], vectors}], usage}
rerank          {model, query, documents: [{image} | {text}], top_n?}      best first, by MaxSim

An image is base64 or a data: URL. `vectors` are numbers a row or, as base64, little-endian float32 row after row.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import orjson

from inference.runner.engines.colpali.pictures import MAX_PIXELS_TOGETHER, open_picture
from inference.runner.engines.embeddings import check_text
from inference.runner.engines.serving import Refusal, check_model

if TYPE_CHECKING:
    from PIL.Image import Image

    from inference.runner.engines.colpali.maxsim import Vectors

MAX_ITEMS = 64


@dataclass(frozen=True, slots=True)
class VectorsRequest:
    items: list[str | Image]
    encoding: Literal["float", "base64"]


@dataclass(frozen=True, slots=True)
class RankRequest:
    query: str
    documents: list[str | Image]
    top_n: int


def parse_vectors(body: dict[str, Any], model: str) -> VectorsRequest:
    """Raises Refusal, naming the field."""
    check_model(body, model)
    encoding = body.get("encoding_format") or "float"
    if encoding not in ("float", "base64"):
        raise Refusal(400, "'encoding_format' must be 'float' or 'base64'.", param="encoding_format")
    return VectorsRequest(_items(body.get("input"), "input"), encoding)


def parse_rank(body: dict[str, Any], model: str) -> RankRequest:
    """Raises Refusal, naming the field."""
    check_model(body, model)
    query = check_text(body.get("query"), "query", "query")
    documents = _items(body.get("documents"), "documents")
    top_n = body.get("top_n")
    if top_n is not None and (type(top_n) is not int or top_n < 1):
        raise Refusal(400, "'top_n' must be a positive number.", param="top_n")
    return RankRequest(query, documents, min(top_n or len(documents), len(documents)))


def _items(value: object, name: str) -> list[str | Image]:
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    if not 0 < len(items) <= MAX_ITEMS:
        raise Refusal(400, f"'{name}' must hold 1 to {MAX_ITEMS} texts or pictures, not {len(items)}.", param=name)
    found: list[str | Image] = []
    left = MAX_PIXELS_TOGETHER
    for place, item in enumerate(items):
        one = _item(item, f"{name}[{place}]", name, left)
        left -= 0 if isinstance(one, str) else one.width * one.height
        found.append(one)
    return found


def _item(item: object, where: str, name: str, left: int) -> str | Image:
    if isinstance(item, str):
        return check_text(item, where, name)
    told = cast("dict[str, object]", item) if isinstance(item, dict) else {}
    if set(told) == {"text"}:
        return check_text(told["text"], f"{where}.text", name)
    if set(told) == {"image"} and isinstance(told["image"], str):
        return open_picture(told["image"], f"{where}.image", left)
    raise Refusal(400, f'\'{where}\' must be {{"text": …}} or {{"image": …}}.', param=name)


def render_vectors(found: Sequence[Vectors], encoding: Literal["float", "base64"], model: str) -> bytes:
    data = [
        {
            "object": "multi_vector",
            "index": place,
            "shape": list(vectors.shape),
            "vectors": base64.b64encode(vectors.tobytes()).decode() if encoding == "base64" else vectors.tolist(),
        }
        for place, vectors in enumerate(found)
    ]
    parts = sum(len(vectors) for vectors in found)
    usage = {"prompt_tokens": parts, "total_tokens": parts}
    return orjson.dumps({"object": "list", "model": model, "data": data, "usage": usage})
