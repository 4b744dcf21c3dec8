"""llama.cpp as a kind of engine: entries, programs and endings. It runs in tests/conformance/test_llamacpp.py."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from inference.models.models import ModelEntry
from inference.runner.engines.llamacpp.kind import KIND
from inference.runner.engines.llamacpp.serving import Serving
from inference.runner.kinds import Failure, Launch, Program, Spec, Unusable
from tests.tiny_llama import CONTEXT, HIDDEN, write_gguf

CACHE_TOKEN = 2 * 2 * 4 * 32 * 2  # layers, keys and values, heads, numbers, bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_gguf(folder / "tiny.gguf")
    write_gguf(folder / "parts/big-00001-of-00002.gguf")
    write_gguf(folder / "parts/big-00002-of-00002.gguf")
    write_gguf(folder / "two/one.gguf")
    write_gguf(folder / "two/other.gguf")
    (folder / "empty").mkdir()
    (folder / "cut.gguf").write_bytes((folder / "tiny.gguf").read_bytes()[:64])
    (folder / "llama-server").touch()
    return folder


def _entry(**more: Any) -> ModelEntry:
    return ModelEntry.model_validate({"id": "m", "kind": "chat", "engine": "llamacpp", "source": "tiny.gguf", **more})


def _launched(spec: Spec, *devices: str, context: int | None = None) -> Program:
    return KIND.program(Launch(spec, devices, 0, context, 4711, "secret", Path("/home/penstock"), "", ""))


def _serving(program: Program) -> Serving:
    return Serving.from_json(program.environment["PENSTOCK_SERVING"])


def test_xllamacpp_is_told_what_to_serve(folder: Path) -> None:
    spec = KIND.read(_entry(engine_args={"threads": 3, "cache_type": "q8_0"}, limits={"requests": 5}), folder)
    assert spec.context == CONTEXT
    program = _launched(spec, "cpu", context=512)
    assert program.argv == (sys.executable, "-P", "-m", "inference.runner.engines.llamacpp", "m")
    assert program.environment["LLAMA_API_KEY"] == "secret"
    serving = _serving(program)
    assert (serving.path, serving.name, serving.port) == (str(folder / "tiny.gguf"), "m", 4711)
    assert (serving.context, serving.requests, serving.layers) == (512, 5, 0)
    assert (serving.threads, serving.cache_type, serving.micro_batch) == (3, "q8_0", 512)


def test_llama_server_is_told_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_LLAMA_SERVER", str(folder / "llama-server"))
    spec = KIND.read(_entry(kind="embedding", pooling="cls", devices=["gpu1"], context=256), folder)
    program = _launched(spec, "gpu1")
    argv = program.argv
    assert argv[0] == str(folder / "llama-server")
    told = dict(pairwise(argv))
    assert (told["--model"], told["--alias"], told["--port"]) == (str(folder / "tiny.gguf"), "m", "4711")
    assert (told["--ctx-size"], told["--ubatch-size"], told["--pooling"]) == ("256", "256", "cls")
    assert int(told["--n-gpu-layers"]) > 1000
    assert "--embeddings" in argv
    assert "secret" not in " ".join(argv)
    assert program.environment["CUDA_VISIBLE_DEVICES"] == "1"
    assert "--reranking" in _launched(KIND.read(_entry(kind="rerank"), folder), "cpu").argv


def test_each_request_has_a_cache_of_its_own(folder: Path) -> None:
    (two,) = KIND.ways(KIND.read(_entry(), folder), None, 0)
    (three,) = KIND.ways(KIND.read(_entry(limits={"requests": 3}), folder), None, 0)
    assert two.kind == "cpu"
    assert three.each - two.each == CONTEXT * CACHE_TOKEN


def test_gpus_are_those_that_the_entry_names(folder: Path) -> None:
    spec = KIND.read(_entry(devices=["gpu0", "gpu1", "cpu"]), folder)
    assert [(way.kind, way.count) for way in KIND.ways(spec, None, 0)] == [("gpu", 1), ("gpu", 2), ("cpu", 1)]


def test_an_embedder_is_known_before_it_is_loaded(folder: Path) -> None:
    spec = KIND.read(_entry(kind="embedding", max_tokens=100, passage_prefix="p: "), folder)
    assert (spec.dimensions, spec.max_tokens) == (HIDDEN, 100)
    assert spec.embedder is not None
    assert (spec.embedder.precision, spec.embedder.passage_prefix) == ("remote", "p: ")
    assert _serving(_launched(spec, "cpu")).micro_batch == CONTEXT  # a text is read in one go


def test_of_several_parts_the_first_is_named(folder: Path) -> None:
    spec = KIND.read(_entry(source="parts"), folder)
    assert spec.source == folder / "parts/big-00001-of-00002.gguf"


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"source": "nowhere.gguf"}, "source", "no .gguf file"),
        ({"source": "llama-server"}, "source", "no .gguf file"),
        ({"source": "empty"}, "source", "holds none"),
        ({"source": "two"}, "source", "one.gguf, other.gguf"),
        ({"source": "cut.gguf"}, "source", "cut.gguf"),
        ({"kind": "multi_vector"}, "kind", "colpali"),
        ({"engine_args": {"cache_type": "q9"}}, "engine_args.cache_type", "q8_0"),
        ({"engine_args": {"mmproj": "x"}}, "engine_args.mmproj", "takes"),
        ({"engine_args": {"chat_template": "gone"}}, "engine_args.chat_template", "no file"),
        ({"memory_mb": 20}, "memory_mb", "a smaller `context`"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, more: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Unusable) as caught:
        KIND.read(_entry(**more), folder)
    assert words in dict(caught.value.faults)[field]


def test_a_program_that_is_not_there_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_LLAMA_SERVER", str(folder / "gone"))
    with pytest.raises(Unusable, match="PENSTOCK_LLAMA_SERVER"):
        KIND.read(_entry(), folder)


# Lines of llama.cpp b11549.
_NO_ROOM = """\
0.19.100.106 E llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache
0.19.100.140 E cmn  common_init_: failed to create context with model 'tiny.gguf'
0.19.100.145 E srv    load_model: failed to create_context with model 'tiny.gguf'
0.19.100.574 E srv          init: exiting due to model loading error
Failed to init server, please check the input params."""
_CUT = """\
0.00.007.005 E llama_model_load: error loading model: tensor 'token_embd.weight' data is not within the file bounds
0.00.007.024 E srv    load_model: failed to load model, 'cut.gguf'
0.00.007.298 E srv          init: exiting due to model loading error"""


@pytest.mark.parametrize(
    ("log", "ending", "memory", "words"),
    [
        (_NO_ROOM, "ended with status 1", True, "failed to allocate buffer for kv cache"),
        (_CUT, "ended with status 1", False, "data is not within the file bounds"),
        ("ggml_cuda: cudaMalloc failed: out of memory", "ended with status 1", True, "cudaMalloc failed"),
        ("error: invalid argument: --fit", "ended with status 1", False, "invalid argument: --fit"),
        ("", "was killed by SIGSEGV", False, "its process was killed by SIGSEGV"),
    ],
)
def test_endings_are_explained(log: str, ending: str, memory: bool, words: str) -> None:
    failure = KIND.explain(log.splitlines(), ending)
    assert failure == Failure(memory, failure.words)
    assert words in failure.words


def test_after_it_ran_out_of_memory_the_context_is_halved_at_least(folder: Path) -> None:
    spec = KIND.read(_entry(), folder)
    assert KIND.smaller(spec, None, 1 << 40) == 512
    assert KIND.smaller(spec, 512, 1 << 40) is None
