"""An embedder of pages behind the real runner, small and on the CPU: part of `make test-transformers`."""

from __future__ import annotations

import asyncio
import base64
import io
import zlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inference.runner import leased
from inference.runner.engines.colpali.maxsim import max_sim
from inference.runner.engines.torching import find_python
from tests.runner_process import Process, started

MODELS = "models: [{id: pages, kind: multi_vector, engine: colpali, source: tiny, devices: [cpu]}]"
DIMENSIONS, PICTURE_PARTS = 128, 21  # 16 of the picture, 5 of the words before it


@pytest.fixture(scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Process]:
    home = tmp_path_factory.mktemp("home")
    script = str(Path(__file__).parent / "tiny_colpali.py")
    making = await asyncio.create_subprocess_exec(str(find_python()), script, str(home / "tiny"))
    assert await making.wait() == 0
    (home / "models.yaml").write_text(MODELS)
    async with started(home) as process:
        yield process


async def _post(process: Process, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with leased(process.runner, "pages") as lease, aiohttp.ClientSession(headers=lease.headers) as session:
        body = {"model": lease.model, **body}
        async with session.post(lease.base_url + path, json=body) as response:
            return response.status, await response.json()


async def _vectors(process: Process, *items: object) -> list[NDArray[np.float32]]:
    status, answer = await _post(process, "/multi_vectors", {"input": items, "encoding_format": "base64"})
    assert status == 200, answer
    assert [one["index"] for one in answer["data"]] == list(range(len(items)))
    return [np.frombuffer(base64.b64decode(one["vectors"]), "<f4").reshape(one["shape"]) for one in answer["data"]]


def _picture(*colours: str, kind: str = "PNG") -> dict[str, str]:
    """Stripes of these colours."""
    image = Image.new("RGB", (60, 80))
    for place, colour in enumerate(colours):
        image.paste(colour, (0, place * 80 // len(colours), 60, 80))
    content = io.BytesIO()
    image.save(content, kind)
    return {"image": base64.b64encode(content.getvalue()).decode()}


async def test_pages_and_queries_become_vectors_of_length_1(process: Process) -> None:
    page, query, other = await _vectors(process, _picture("red"), "pump", _picture("white", "black", kind="JPEG"))
    assert page.shape == other.shape == (PICTURE_PARTS, DIMENSIONS)
    assert query.shape[1] == DIMENSIONS
    for rows in (page, query, other):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=0.01)
    assert not np.allclose(page, other, atol=0.01)


async def test_a_query_has_the_same_vectors_alone_and_beside_longer_ones(process: Process) -> None:
    (alone,) = await _vectors(process, "pump")
    beside, longer = await _vectors(process, "pump", "pump valve the image pump valve")
    assert len(longer) > len(beside) == len(alone)
    assert beside == pytest.approx(alone, abs=0.05)


async def test_numbers_and_bytes_say_the_same(process: Process) -> None:
    status, answer = await _post(process, "/multi_vectors", {"input": "pump"})
    (packed,) = await _vectors(process, "pump")
    assert status == 200
    assert np.array(answer["data"][0]["vectors"]) == pytest.approx(packed, abs=1e-6)


async def test_pages_are_ranked_by_their_most_similar_parts(process: Process) -> None:
    pictures = [_picture("red"), _picture("white", "black"), _picture("blue", "green", "red")]
    status, answer = await _post(process, "/rerank", {"query": "valve", "documents": pictures, "top_n": 2})
    assert status == 200, answer
    query, *pages = await _vectors(process, "valve", *pictures)
    scores = max_sim(query, pages)
    best = sorted(range(3), key=lambda place: -scores[place])[:2]
    assert [one["index"] for one in answer["results"]] == best
    assert [one["relevance_score"] for one in answer["results"]] == pytest.approx(scores[best].tolist(), rel=0.02)


def _claimed(width: int, height: int) -> dict[str, str]:
    """The header of a picture of that size, and nothing behind it."""
    content = io.BytesIO()
    Image.new("1", (8, 8)).save(content, "PNG")
    head = bytearray(content.getvalue())
    head[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    return {"image": base64.b64encode(bytes(head)).decode()}


@pytest.mark.parametrize(
    ("item", "status"),
    [
        ({"image": "no base64!"}, 400),
        ({"image": base64.b64encode(b"no picture").decode()}, 400),
        ({"image": "http://127.0.0.1:9/a.png"}, 400),
        (_picture("red", kind="GIF"), 400),
        (_claimed(100_000, 100_000), 413),
        (_claimed(10_000, 5_000), 413),
        ({"image": 3}, 400),
        ({"text": ""}, 400),
        ({"text": "a", "image": "b"}, 400),
        (7, 400),
        (None, 400),
    ],
)
async def test_what_is_no_page_is_refused(process: Process, item: object, status: int) -> None:
    answered, answer = await _post(process, "/multi_vectors", {"input": [item]})
    assert (answered, answer["error"]["param"]) == (status, "input")


async def test_too_many_pages_at_once_are_refused(process: Process) -> None:
    status, answer = await _post(process, "/multi_vectors", {"input": ["a"] * 65})
    assert status == 400
    assert "1 to 64" in answer["error"]["message"]


async def test_pictures_that_are_too_large_together_are_refused(process: Process) -> None:
    content = io.BytesIO()
    Image.new("1", (6000, 5000)).save(content, "PNG")  # 30 million pixels in 4 kB
    page = {"image": base64.b64encode(content.getvalue()).decode()}
    for path, body in (("/multi_vectors", {"input": [page] * 4}), ("/rerank", {"query": "a", "documents": [page] * 4})):
        status, answer = await _post(process, path, body)
        assert status == 413
        assert "[3].image" in answer["error"]["message"]
        assert "together" in answer["error"]["message"]
