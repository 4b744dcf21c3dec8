"""Models of models.yaml on onnxruntime, against what their weights say in numpy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.models.models import ModelEntry
from inference.runner.engines.onnx.embedder import CrossEncoder, OnnxEmbedder
from inference.runner.engines.onnx.kept import kept_graph
from inference.runner.engines.onnx.model import OnnxModel
from inference.runner.engines.onnx.opening import open_session, open_tokens
from inference.runner.engines.onnx.session import finish
from inference.runner.engines.onnx.source import read_model
from inference.runner.engines.serving import LoadFailed
from inference.runner.kinds import Unusable
from tests.tiny_models import TinyBert, write_cross_encoder, write_embedder

TEXTS = ["A pump.", "The maximum operating pressure of the pump is 16 bar.", "Größe: 😀 " * 40, "x"]
PAIRS = ["It is 16 bar.", "Deliveries arrive on Mondays.", "pressure " * 200]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def tiny(folder: Path) -> TinyBert:
    return write_embedder(folder / "tiny")


@pytest.fixture(scope="module")
def cross(folder: Path) -> TinyBert:
    return write_cross_encoder(folder / "cross")


def _model(folder: Path, **told: Any) -> OnnxModel:
    entry: dict[str, Any] = {"id": "m", "kind": "embedding", "engine": "onnx", "source": "tiny"}
    return read_model(ModelEntry.model_validate(entry | told), folder)


def _embedder(folder: Path, **told: Any) -> OnnxEmbedder:
    model = _model(folder, **told)
    tokens = open_tokens(model)
    return OnnxEmbedder(model, tokens, open_session(folder / "home", model, tokens).run)


async def _vectors(embedder: OnnxEmbedder, kind: Any = None) -> list[NDArray[np.float32]]:
    rows, _ = await embedder.embed(TEXTS, kind, "")
    return [np.frombuffer(row, np.float32) for row in rows]


@pytest.mark.parametrize(("pooling", "normalise"), [("mean", True), ("cls", True), ("mean", False)])
async def test_an_embedder_computes_what_its_weights_say(
    folder: Path, tiny: TinyBert, pooling: str, normalise: bool
) -> None:
    vectors = await _vectors(_embedder(folder, pooling=pooling, normalise=normalise))
    for text, vector in zip(TEXTS[:2] + TEXTS[3:], vectors[:2] + vectors[3:], strict=True):
        assert vector == pytest.approx(tiny.vector(text, pooling=pooling, normalise=normalise), abs=2e-5)


async def test_in_8_bits_it_is_near_and_the_same_in_any_company(folder: Path, tiny: TinyBert) -> None:
    embedder = _embedder(folder, dtype="int8")
    vectors = await _vectors(embedder)
    for text, vector in zip(TEXTS[:2], vectors, strict=False):
        assert float(vector @ tiny.vector(text)) > 0.99
        (alone,), _ = await embedder.embed([text], None, "")
        assert np.frombuffer(alone, np.float32) == pytest.approx(vector, abs=1e-6)


async def test_prefixes_are_added_by_what_a_text_is_for(folder: Path, tiny: TinyBert) -> None:
    embedder = _embedder(folder, query_prefix="query: ", passage_prefix="passage: ")
    for kind, prefix in (("query", "query: "), ("passage", "passage: "), (None, "")):
        assert (await _vectors(embedder, kind))[0] == pytest.approx(tiny.vector(prefix + TEXTS[0]), abs=2e-5)


@pytest.mark.parametrize(("dtype", "tolerance"), [("fp32", 2e-5), ("int8", 0.1)])
async def test_a_cross_encoder_reads_query_and_text_together(
    folder: Path, cross: TinyBert, dtype: str, tolerance: float
) -> None:
    model = _model(folder, kind="rerank", source="cross", dtype=dtype)
    tokens = open_tokens(model)
    reranker = CrossEncoder(model, tokens, open_session(folder / "home", model, tokens).run)
    scores, read = await reranker.rerank("What is the pressure?", [*PAIRS, PAIRS[0]], "")
    found = np.frombuffer(b"".join(scores), np.float32)
    assert found[:2] == pytest.approx([cross.score("What is the pressure?", text) for text in PAIRS[:2]], abs=tolerance)
    assert found[0] == found[3]
    assert read > 64  # the long one is cut at the model's 64 tokens


async def test_a_graph_that_is_ready_is_served_as_it_is(folder: Path, tiny: TinyBert) -> None:
    made = kept_graph(folder / "home", _model(folder))
    assert isinstance(made, Path)
    ready = folder / "ready"
    ready.mkdir()
    for name in ("model.onnx", "model.onnx.data"):
        (ready / name).write_bytes((made.parent / name).read_bytes())
    for name in ("config.json", "tokenizer.json"):
        (ready / name).write_bytes((folder / "tiny" / name).read_bytes())
    vectors = await _vectors(_embedder(folder, source="ready"))
    assert vectors[0] == pytest.approx(tiny.vector(TEXTS[0]), abs=2e-5)
    (ready / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(LoadFailed, match="does not work"):
        _embedder(folder, source="ready")


def test_a_ready_graph_s_token_vectors_are_pooled(folder: Path, tiny: TinyBert) -> None:
    hidden = np.array([[[1, 0], [3, 0], [9, 9]]], np.float32)
    mask = np.array([[1, 1, 0]], np.int32)
    told = {"sha256": "", "weights": "model.onnx", "dimensions": 2}
    mean = OnnxModel.from_json(json.dumps(json.loads(_model(folder, normalise=False).to_json()) | told))
    assert finish(hidden, mask, mean).tolist() == [[2, 0]]
    first = OnnxModel.from_json(json.dumps(json.loads(_model(folder, pooling="cls").to_json()) | told))
    assert finish(3 * hidden, mask, first).tolist() == [[1, 0]]
    with pytest.raises(ValueError, match="wanted"):
        finish(np.ones((1, 5), np.float32), mask, mean)


@pytest.mark.parametrize(
    ("config", "told", "field", "words"),
    [
        ({"model_type": "xlm-roberta"}, {}, "source", "only 'bert'"),
        ({"hidden_act": "relu"}, {}, "source", "only 'gelu'"),
        ({"num_attention_heads": 7}, {}, "source", "7 heads"),
        ({"hidden_size": "large"}, {}, "source", "hidden_size"),
        ({"id2label": {"0": "no", "1": "yes"}}, {"kind": "rerank"}, "source", "2 labels"),
        ({}, {"dimensions": 100}, "dimensions", "48"),
        ({}, {"max_tokens": 65}, "max_tokens", "64"),
        ({}, {"kind": "chat"}, "kind", "embedders"),
        ({}, {"engine_args": {"threads": 0}}, "engine_args.threads", "1 to 256"),
        ({}, {"engine_args": {"speed": 1}}, "engine_args.speed", "threads"),
        ({}, {"source": "nowhere"}, "source", "no folder"),
    ],
)
def test_what_cannot_be_served_is_told_by_its_field(
    tiny: TinyBert, tmp_path: Path, config: dict[str, Any], told: dict[str, Any], field: str, words: str
) -> None:
    (tmp_path / "tiny").mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / "tiny" / name).symlink_to(tiny.folder / name)
    whole = json.loads((tiny.folder / "config.json").read_text()) | config
    (tmp_path / "tiny" / "config.json").write_text(json.dumps(whole))
    with pytest.raises(Unusable) as caught:
        _model(tmp_path, **told)
    assert caught.value.faults[0][0] == field
    assert words in caught.value.faults[0][1]


def test_a_fingerprint_changes_with_the_vectors(folder: Path, tiny: TinyBert) -> None:
    told: list[dict[str, Any]] = [
        {},
        {"dtype": "int8"},
        {"pooling": "cls"},
        {"query_prefix": "query: "},
        {"max_tokens": 32},
    ]
    assert len({_model(folder, **one).fingerprint for one in told}) == len(told)
    assert _model(folder, id="another", description="x").fingerprint == _model(folder).fingerprint
