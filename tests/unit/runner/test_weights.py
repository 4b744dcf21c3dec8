"""The weights' checksum, the graph kept in the home, and the vectors that come out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from inference.runner.engines.onnx import weights
from inference.runner.engines.onnx.__main__ import open_model
from inference.runner.engines.onnx.embedder import MiniLM
from inference.runner.engines.onnx.weights import WeightsUnusable, graph_folder, kept_graph, published_folder, verify
from inference.runner.engines.serving import LoadFailed

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "embedder" / "published.json").read_text()
)["cases"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def model(home: Path) -> MiniLM:
    return open_model(home)


async def _vectors(model: MiniLM, texts: Sequence[str]) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
    rows, _ = await model.embed(texts)
    return [np.frombuffer(row, np.float32) for row in rows]


def _nothing(_: object) -> None:
    return None


def _divide(_: object) -> float:
    return 1 / 0


def _distance(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    return 1 - float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


async def test_vectors_are_the_published_model_s(model: MiniLM) -> None:
    texts = [case["text"] for case in CASES]
    for case, alone, together in zip(
        CASES, [(await _vectors(model, [text]))[0] for text in texts], await _vectors(model, texts), strict=True
    ):
        published = np.array(case["vector"], np.float32)
        assert _distance(alone, published) < 1e-5, case["text"]
        assert _distance(together, published) < 1e-5, case["text"]
        assert abs(float(np.linalg.norm(together)) - 1) < 1e-5


async def test_equal_texts_are_embedded_once_and_answered_each(model: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[int] = []
    session = cast("Any", model)._session
    original = session.run

    def counting(rows: Sequence[Sequence[int]]) -> Any:
        run.append(len(rows))
        return original(rows)

    monkeypatch.setattr(session, "run", counting)
    rows, tokens = await model.embed(["pump", "valve", "pump", "pump"])
    assert sum(run) == 2
    assert rows[0] == rows[2] == rows[3] != rows[1]
    assert tokens == 4 * 3  # [CLS] word [SEP], as many times as was asked


async def test_a_failing_batch_fails_its_request_only(model: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    session = cast("Any", model)._session
    with monkeypatch.context() as patch:
        patch.setattr(session, "run", _divide)
        with pytest.raises(ZeroDivisionError):
            await model.embed(["pump"])
    assert len(await _vectors(model, ["pump"])) == 1


def test_a_damaged_graph_is_built_again(home: Path, model: MiniLM) -> None:
    graph = kept_graph(home)
    graph.write_bytes(b"damaged")
    open_model(home)
    assert graph.stat().st_size > 1000


def test_a_graph_with_other_numbers_is_built_again(home: Path, model: MiniLM) -> None:
    data = graph_folder(home) / "model.onnx.data"
    content = bytearray(data.read_bytes())
    content[-8_000_000:] = bytes(8_000_000)
    data.unlink()  # the session that is open has it mapped
    data.write_bytes(content)
    open_model(home)
    assert data.read_bytes()[-8_000_000:] != bytes(8_000_000)


def test_no_unfinished_folder_is_left(home: Path, model: MiniLM) -> None:
    assert [path.name for path in (home / "models").iterdir()] == [graph_folder(home).name]


def test_changed_weights_are_refused_before_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((published_folder() / "model.safetensors").read_bytes())
    content[50_000_000] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    (tmp_path / "tokenizer.json").write_bytes((published_folder() / "tokenizer.json").read_bytes())
    for module in ("weights", "__main__"):
        monkeypatch.setattr(f"inference.runner.engines.onnx.{module}.published_folder", lambda: tmp_path)
    with pytest.raises(LoadFailed, match="not the published model"):
        open_model(tmp_path / "home")
    assert not graph_folder(tmp_path / "home").exists()


def test_missing_weights_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WeightsUnusable, match="cannot be read"):
        verify(tmp_path / "missing")
    monkeypatch.setattr(weights, "find_spec", _nothing)
    with pytest.raises(WeightsUnusable, match="make start"):
        published_folder()


def test_a_graph_that_cannot_be_built_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    monkeypatch.setattr(weights, "published_folder", lambda: tmp_path)
    monkeypatch.setattr(weights, "verify", _nothing)
    with pytest.raises(WeightsUnusable, match="NotSafetensors"):
        kept_graph(tmp_path / "home")
    assert list((tmp_path / "home" / "models").iterdir()) == []
