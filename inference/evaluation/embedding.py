"""The embedder's engine, reached as clients reach it: POST /v1/embeddings."""

from __future__ import annotations

import time

from inference.evaluation.client import Client
from inference.evaluation.figures import Line, Section, figure, percentile
from inference.evaluation.installation import new_home, started
from inference.evaluation.processes import cpu_seconds
from inference.evaluation.progress import tell
from inference.evaluation.texts import Zipf, lengths
from inference.runner import DEFAULT_EMBEDDER, token_counter

ROUNDS = 3
PASSAGES = 512
QUERIES = 100
_AT_ONCE = 256  # what the platform's own ingestion sends at most
_SEED = 1


def measure() -> Section:
    """Embeds the same passages ROUNDS times, then short queries one by one."""
    tokens, writer = token_counter(), Zipf(_SEED)
    sizes = lengths(PASSAGES, _SEED)
    texts = [writer.text_of_tokens(tokens, size) for size in sizes]
    queries = [" ".join(writer.words(5)) for _ in range(QUERIES)]
    per_core: list[float] = []
    per_second: list[float] = []
    latencies: list[float] = []
    with new_home() as home, started(home) as platform:
        client = Client(platform.port, platform.api_key())
        tell("embedding: loading the model")
        _embed(client, [queries[0]])
        engine = platform.process("inference.runner.engines.onnx").pid
        for number in range(ROUNDS):
            used, begun = cpu_seconds(engine), time.perf_counter()
            for start in range(0, PASSAGES, _AT_ONCE):
                _embed(client, texts[start : start + _AT_ONCE])
            per_second.append(PASSAGES / (time.perf_counter() - begun))
            per_core.append(PASSAGES / (cpu_seconds(engine) - used))
            latencies.append(percentile([_embed(client, [query]) for query in queries], 0.5))
            tell(f"embedding: {number + 1} of {ROUNDS}, {per_core[-1]:.1f} passages/s per core")
    return Section(
        "embedding",
        [
            Line("passages/s per core", figure(per_core, "/s"), better="more"),
            Line("passages/s, all cores", figure(per_second, "/s"), better="more"),
            Line("tokens/s per core", figure([rate * sum(sizes) / PASSAGES for rate in per_core], "/s"), better="more"),
            Line("one query of five words, p50", figure(latencies, "ms")),
        ],
        [
            f"{DEFAULT_EMBEDDER}, {PASSAGES} passages of {sum(sizes) / PASSAGES:.0f} tokens on average "
            f"({min(sizes)}–{max(sizes)}, lognormal) in requests of {_AT_ONCE}; per core: by the engine's CPU time"
        ],
    )


def _embed(client: Client, texts: list[str]) -> float:
    """Milliseconds that it took."""
    body = {"model": DEFAULT_EMBEDDER, "input": texts, "encoding_format": "base64"}
    return client.timed("/v1/embeddings", body)[1]
