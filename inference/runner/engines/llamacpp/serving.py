"""What a server of llama.cpp is to serve: told to `llama-server` in its options, to xllamacpp in an object's fields."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

ALL_LAYERS = 9999  # more than a model has
KEY_VARIABLE = "LLAMA_API_KEY"  # llama-server reads it by itself
SERVING_VARIABLE = "PENSTOCK_SERVING"


@dataclass(frozen=True, slots=True)
class Serving:
    """`context` is that of each of `requests` at once; `layers` lie on GPUs; an empty text leaves it to the model."""

    path: str
    name: str
    port: int
    kind: str
    context: int
    requests: int
    layers: int
    batch: int
    threads: int | None = None
    cache_type: str = ""
    flash_attention: str = ""
    pooling: str = ""
    template: str = ""

    @property
    def embeds(self) -> bool:
        return self.kind != "chat"

    @property
    def micro_batch(self) -> int:
        """An embedder reads a text in one go."""
        return self.batch if self.embeds else min(self.batch, 512)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Serving:
        return Serving(**json.loads(text))

    def arguments(self) -> list[str]:
        """For llama-server, whose option and value are two arguments."""
        arguments = [
            "--model", self.path,
            "--alias", self.name,
            "--host", "127.0.0.1",
            "--port", str(self.port),
            "--ctx-size", str(self.context * self.requests),
            "--parallel", str(self.requests),
            "--n-gpu-layers", str(self.layers),
            "--batch-size", str(self.batch),
            "--ubatch-size", str(self.micro_batch),
            "--fit", "off",
            "--cache-ram", "0",
            "--no-kv-unified",
            "--no-webui",
            "--no-slots",
            "--offline",
            "--jinja",
        ]  # fmt: skip
        for option, value in (
            ("--threads", self.threads),
            ("--cache-type-k", self.cache_type),
            ("--cache-type-v", self.cache_type),
            ("--flash-attn", self.flash_attention),
            ("--pooling", self.pooling),
            ("--chat-template-file", self.template),
        ):
            if value:
                arguments += [option, str(value)]
        if self.kind == "embedding":
            arguments.append("--embeddings")
        elif self.kind == "rerank":
            arguments.append("--reranking")
        return arguments
