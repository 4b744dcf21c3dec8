"""The built-in embedder: its weights' checksum, the graph kept in the home, and the vectors that come out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest

from inference.runner.engines.onnx import kept, published
from inference.runner.engines.onnx.embedder import OnnxEmbedder
from inference.runner.engines.onnx.kept import WeightsUnusable, graph_folder, kept_graph, verify
from inference.runner.engines.onnx.model import OnnxModel
from inference.runner.engines.onnx.opening import open_session, open_tokens
from inference.runner.engines.onnx.session import Row, Session
from inference.runner.engines.serving import LoadFailed

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "embedder" / "published.json").read_text()
)["cases"]
EXACT, FAST = published.published(precision="fp32"), published.published(precision="int8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def exact(home: Path) -> Session:
    return open_session(home, EXACT, open_tokens(EXACT))


def _embedder(session: Session, model: OnnxModel = EXACT) -> OnnxEmbedder:
    return OnnxEmbedder(model, open_tokens(model), session.run)


async def _vectors(model: OnnxEmbedder, texts: Sequence[str]) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    rows, _ = await model.embed(texts, "passage", "")
    return [np.frombuffer(row, np.float32) for row in rows]


def _distance(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    return 1 - float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


async def test_exact_vectors_are_the_published_model_s(exact: Session) -> None:
    model, texts = _embedder(exact), [case["text"] for case in CASES]
    for case, alone, together in zip(
        CASES, [(await _vectors(model, [text]))[0] for text in texts], await _vectors(model, texts), strict=True
    ):
        assert _distance(alone, np.array(case["vector"])) < 1e-6, case["text"]
        assert _distance(together, np.array(case["vector"])) < 1e-6, case["text"]
        assert abs(float(np.linalg.norm(together)) - 1) < 1e-5


async def test_vectors_of_integers_are_near_and_the_same_in_any_company(tmp_path: Path) -> None:
    model = _embedder(open_session(tmp_path, FAST, open_tokens(FAST)), FAST)
    texts = [case["text"] for case in CASES]
    together = await _vectors(model, texts)
    for case, vector in zip(CASES, together, strict=True):
        assert _distance(vector, np.array(case["vector"])) < 0.06, case["text"]
        (alone,) = await _vectors(model, [case["text"]])
        assert alone == pytest.approx(vector, abs=1e-6)


async def test_equal_texts_are_embedded_once_and_answered_each(exact: Session) -> None:
    run: list[int] = []

    def counting(rows: Sequence[Row]) -> Any:
        run.append(len(rows))
        return exact.run(rows)

    model = OnnxEmbedder(EXACT, open_tokens(EXACT), counting)
    rows, tokens = await model.embed(["pump", "valve", "pump", "pump"], "passage", "")
    assert sum(run) == 2
    assert rows[0] == rows[2] == rows[3] != rows[1]
    assert tokens == 4 * 3  # [CLS] word [SEP], as many times as was asked


async def test_a_failing_batch_fails_its_request_only(exact: Session) -> None:
    fails = True

    def failing(rows: Sequence[Row]) -> Any:
        return 1 / 0 if fails else exact.run(rows)

    model = OnnxEmbedder(EXACT, open_tokens(EXACT), failing)
    with pytest.raises(ZeroDivisionError):
        await model.embed(["pump"], "query", "")
    fails = False
    assert len(await _vectors(model, ["pump"])) == 1


async def test_what_a_caller_left_waiting_is_not_run(exact: Session) -> None:
    begun, go_on = Event(), Event()
    run: list[int] = []

    def slow(rows: Sequence[Row]) -> Any:
        begun.set()
        go_on.wait(30)
        run.append(len(rows))
        return exact.run(rows)

    model = OnnxEmbedder(EXACT, open_tokens(EXACT), slow)
    job = asyncio.create_task(model.embed([f"{number} " + "pump " * 250 for number in range(20)], "passage", "run"))
    await asyncio.to_thread(begun.wait, 30)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    go_on.set()
    assert len(await _vectors(model, ["valve"])) == 1
    assert sum(run) == 1 + 1  # one of 256 tokens was under way


async def test_lanes_run_batches_at_once_and_every_text_gets_its_own_vector(exact: Session) -> None:
    both = Barrier(2, timeout=30)  # broken, and the vectors with it, when a batch is left to run alone

    def together(rows: Sequence[Row]) -> Any:
        both.wait()
        return exact.run(rows)

    texts = [f"{number} " + "pump " * 250 for number in range(8)]  # four batches
    vectors = await _vectors(OnnxEmbedder(EXACT, open_tokens(EXACT), together, 2), texts)
    alone = await _vectors(_embedder(exact), texts)
    assert np.array_equal(vectors, alone)


def test_a_damaged_graph_is_built_again(home: Path, exact: Session) -> None:
    graph = graph_folder(home, EXACT) / "model.onnx"
    graph.write_bytes(b"damaged")
    open_session(home, EXACT, open_tokens(EXACT))
    assert graph.stat().st_size > 1000


def test_a_graph_with_other_numbers_is_built_again(home: Path, exact: Session) -> None:
    data = graph_folder(home, EXACT) / "model.onnx.data"
    content = bytearray(data.read_bytes())
    content[-8_000_000:] = bytes(8_000_000)
    data.unlink()  # the session that is open has it mapped
    data.write_bytes(content)
    open_session(home, EXACT, open_tokens(EXACT))
    assert data.read_bytes()[-8_000_000:] != bytes(8_000_000)


def test_one_graph_of_a_model_is_left(home: Path, exact: Session) -> None:
    other = replace(EXACT, fingerprint="0" * 16)
    kept_graph(home, other)
    assert [path.name for path in (home / "models").iterdir()] == [graph_folder(home, other).name]


def test_a_graph_that_cannot_be_kept_is_made_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        session = open_session(tmp_path, EXACT, open_tokens(EXACT))
    assert "made anew at every load" in caplog.text
    assert len(session.run(open_tokens(EXACT).texts(["pump"]))) == 1


def test_changed_weights_are_refused_before_use(tmp_path: Path) -> None:
    content = bytearray(Path(EXACT.weights).read_bytes())
    content[50_000_000] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    changed = replace(EXACT, weights=str(tmp_path / "model.safetensors"))
    with pytest.raises(LoadFailed, match="not the published model"):
        open_session(tmp_path / "home", changed, open_tokens(EXACT))
    assert not (tmp_path / "home").exists()


def test_missing_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeightsUnusable, match="cannot be read"):
        verify(tmp_path / "missing", published.SHA256)
    monkeypatch.setattr(published, "PACKAGE", "no_such_package")
    with pytest.raises(LoadFailed, match="make start"):
        open_tokens(published.published())


def test_a_graph_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    broken = replace(EXACT, weights=str(tmp_path / "model.safetensors"), sha256="")
    with pytest.raises(WeightsUnusable, match="NotSafetensors"):
        kept_graph(tmp_path / "home", broken)
    assert list((tmp_path / "home" / "models").iterdir()) == []


def test_a_build_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "BUILD_SECONDS", 0.01)
    with pytest.raises(WeightsUnusable, match="not built within"):
        kept_graph(tmp_path, EXACT)
