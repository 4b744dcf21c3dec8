"""The engines on torch as far as they do without it: entries, text out of tokens, pictures, MaxSim. tests/engines has
the rest."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference.models.models import ModelEntry
from inference.runner.engines.colpali.kind import KIND as COLPALI
from inference.runner.engines.colpali.maxsim import max_sim
from inference.runner.engines.colpali.request import parse_rank, parse_vectors, render_vectors
from inference.runner.engines.serving import Refusal
from inference.runner.engines.torch_model import VARIABLE, TorchModel
from inference.runner.engines.transformers.generating import Pieces
from inference.runner.engines.transformers.kind import KIND as TRANSFORMERS
from inference.runner.kinds import EngineKind, Launch, Spec, Unusable
from tests.tiny_llama import CONTEXT, HIDDEN, write_folder

MIB = 1 << 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_folder(folder / "tiny")
    write_folder(folder / "pages")
    told = {"architectures": ["ColPaliForRetrieval"], "embedding_dim": 96}
    (folder / "pages/config.json").write_text(json.dumps(told))
    for name in ("torch", "transformers"):
        (folder / f"environment/lib/python3.11/site-packages/{name}-2.0.dist-info").mkdir(parents=True)
    (folder / "environment/bin").mkdir()
    (folder / "environment/bin/python").touch()
    return folder


@pytest.fixture(autouse=True)
def environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PENSTOCK_TORCH", str(folder / "environment"))
    return folder / "environment"


def _entry(engine: str, **more: Any) -> ModelEntry:
    usual = (
        {"kind": "chat", "source": "tiny"} if engine == "transformers" else {"kind": "multi_vector", "source": "pages"}
    )
    return ModelEntry.model_validate({"id": "m", "engine": engine, **usual, **more})


def _told(kind: EngineKind, spec: Spec, *devices: str, context: int | None = None) -> TorchModel:
    program = kind.program(Launch(spec, devices, 0, context, 0, "secret", Path("/home/penstock"), "", ""))
    assert program.speaks
    return TorchModel.from_json(program.environment[VARIABLE])


def test_transformers_is_told_what_to_serve(folder: Path, environment: Path) -> None:
    spec = TRANSFORMERS.read(_entry("transformers", engine_args={"threads": 2}), folder)
    assert (spec.context, spec.embedder) == (CONTEXT, None)
    told = _told(TRANSFORMERS, spec, "gpu1", context=600)
    assert (told.folder, told.context, told.gpu, told.threads) == (str(folder / "tiny"), 600, True, 2)
    program = TRANSFORMERS.program(Launch(spec, ("gpu1",), 0, None, 0, "", Path("/"), "", ""))
    assert program.argv[0] == str(environment / "bin/python")
    assert program.argv[-1] == "m"
    assert program.environment["CUDA_VISIBLE_DEVICES"] == "1"
    assert [(way.kind, way.count) for way in TRANSFORMERS.ways(spec, None, 0)] == [("gpu", 1), ("cpu", 1)]
    assert TRANSFORMERS.smaller(spec, None, 1 << 40) == CONTEXT // 2


def test_an_embedder_on_transformers_is_one_of_ours(folder: Path) -> None:
    spec = TRANSFORMERS.read(_entry("transformers", kind="embedding", query_prefix="q: ", devices=["cpu"]), folder)
    assert spec.embedder is not None
    assert (spec.embedder.dimensions, spec.embedder.precision, spec.max_tokens) == (HIDDEN, "fp32", CONTEXT)
    assert _told(TRANSFORMERS, spec, "cpu").query_prefix == "q: "
    assert [way.kind for way in TRANSFORMERS.ways(spec, None, 0)] == ["cpu"]


def test_an_embedder_of_pages_is_told_what_to_serve(folder: Path) -> None:
    spec = COLPALI.read(_entry("colpali"), folder)
    assert spec.dimensions == 96
    assert not _told(COLPALI, spec, "cpu").gpu
    gpu, cpu = COLPALI.ways(spec, None, 100 * MIB)
    weights = (folder / "pages/model.safetensors").stat().st_size
    assert gpu.each == cpu.each == weights + (1024 + 512 + 100) * MIB
    bounded = COLPALI.read(_entry("colpali", memory_mb=3000, devices=["gpu0"]), folder)
    assert [(way.kind, way.each) for way in COLPALI.ways(bounded, None, 0)] == [("gpu", 3000 * MIB)]


@pytest.mark.parametrize(
    ("engine", "more", "field", "words"),
    [
        ("transformers", {"kind": "rerank"}, "kind", "chat and embedding"),
        ("transformers", {"source": "pages", "memory_mb": None}, "source", "memory_mb"),
        ("transformers", {"engine_args": {"trust_remote_code": True}}, "engine_args.trust_remote_code", "threads"),
        ("transformers", {"source": "environment"}, "source", "config.json"),
        ("colpali", {"kind": "embedding"}, "kind", "multi_vector"),
        ("colpali", {"source": "tiny"}, "source", "LlamaForCausalLM"),
        ("colpali", {"memory_mb": 1}, "memory_mb", "weights alone"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, engine: str, more: dict[str, Any], field: str, words: str) -> None:
    kind = TRANSFORMERS if engine == "transformers" else COLPALI
    with pytest.raises(Unusable) as caught:
        kind.read(_entry(engine, **more), folder)
    assert words in dict(caught.value.faults)[field]


def test_where_torch_is_missing_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_TORCH", str(folder))
    with pytest.raises(Unusable, match="PENSTOCK_TORCH"):
        TRANSFORMERS.read(_entry("transformers"), folder)


@pytest.mark.parametrize(
    ("log", "memory", "words"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried", True, "OutOfMemoryError"),
        ("RuntimeError: [enforce fail at alloc_cpu.cpp] can't allocate memory: you tried", True, "can't allocate"),
        ("ValueError: Unrecognized model", False, "Unrecognized model"),
    ],
)
def test_endings_are_explained(log: str, memory: bool, words: str) -> None:
    failure = TRANSFORMERS.explain([log], "ended with status 1")
    assert failure.memory is memory
    assert words in failure.words


def _written(tokens: list[bytes], *stop: str) -> tuple[list[str], Pieces]:
    said: list[str] = []
    pieces = Pieces(lambda ids: b"".join(tokens[place] for place in ids).decode(errors="replace"), stop, said.append)
    pieces.put(np.array([[7, 7, 7]]))  # the prompt
    for place in range(len(tokens)):
        if not pieces.stopped:
            pieces.put(np.array([place]))
    pieces.end()
    return said, pieces


@given(st.text(max_size=40), st.lists(st.integers(1, 3), max_size=60))
def test_pieces_are_the_text_wherever_tokens_cut_it(text: str, lengths: list[int]) -> None:
    content = text.encode()
    tokens: list[bytes] = []
    for length in [*lengths, len(content)]:
        if content:
            tokens.append(content[:length])
            content = content[length:]
    said, pieces = _written(tokens)
    if "\ufffd" not in text:
        assert "".join(said) == text
    assert pieces.tokens == len(tokens)


@given(st.text("ab", max_size=30), st.text("ab", min_size=1, max_size=4))
def test_nothing_is_said_of_a_stop_or_behind_it(text: str, stop: str) -> None:
    said, pieces = _written([character.encode() for character in text], stop)
    assert "".join(said) == text.partition(stop)[0]
    assert pieces.stopped == (stop in text)


def test_max_sim_is_the_sum_of_each_token_s_best_part() -> None:
    query = np.array([[1, 0], [0, 1]], dtype=np.float32)
    pages = [np.array([[1, 0], [0.6, 0.8]], dtype=np.float32), np.array([[-1, 0]], dtype=np.float32)]
    assert max_sim(query, pages).tolist() == pytest.approx([1.8, -1.0])
    assert max_sim(query, []).shape == (0,)
    assert max_sim(query, [np.empty((0, 2), np.float32)]).tolist() == [0.0]


def _picture(width: int, height: int, kind: str = "PNG") -> str:
    content = io.BytesIO()
    Image.new("RGB", (width, height)).save(content, kind)
    return base64.b64encode(content.getvalue()).decode()


def test_pictures_come_as_base64_and_as_data_urls() -> None:
    bare, url = _picture(3, 4), f"data:image/jpeg;base64,{_picture(5, 6, 'JPEG')}"
    asked = parse_vectors({"model": "m", "input": [{"image": bare}, "a text", {"image": url}]}, "m")
    sizes = [item if isinstance(item, str) else item.size for item in asked.items]
    assert sizes == [(3, 4), "a text", (5, 6)]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"model": "other", "input": "a"}, "model"),
        ({"model": "m", "input": []}, "input"),
        ({"model": "m", "input": [1]}, "input"),
        ({"model": "m", "input": [{"image": "%%"}]}, "input"),
        ({"model": "m", "input": [{"image": _picture(2, 2, "TIFF")}]}, "input"),
        ({"model": "m", "input": "a", "encoding_format": "int8"}, "encoding_format"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(body: dict[str, Any], param: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_vectors(body, "m")
    assert caught.value.param == param


def test_a_ranking_s_request_is_checked() -> None:
    asked = parse_rank({"model": "m", "query": "q", "documents": [{"image": _picture(2, 2)}, "text"], "top_n": 9}, "m")
    assert (asked.query, asked.top_n) == ("q", 2)
    with pytest.raises(Refusal, match="top_n"):
        parse_rank({"model": "m", "query": "q", "documents": ["a"], "top_n": 0}, "m")


def test_vectors_are_written_as_numbers_or_bytes() -> None:
    vectors = np.array([[0.5, 1.0], [0.25, 0.0]], dtype=np.float32)
    numbers = json.loads(render_vectors([vectors], "float", "m"))["data"][0]
    packed = json.loads(render_vectors([vectors], "base64", "m"))["data"][0]
    assert numbers["vectors"] == vectors.tolist()
    assert packed["shape"] == [2, 2]
    assert base64.b64decode(packed["vectors"]) == vectors.tobytes()
