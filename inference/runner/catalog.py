"""The models that are on this machine, and the program that serves each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.runner import DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from inference.models.models import ModelKind


@dataclass(frozen=True, slots=True)
class Spec:
    """A local model. `module` is run as `python -m <module>` and serves it; `load_timeout` is in seconds."""

    id: str
    kind: ModelKind
    engine: str
    module: str
    description: str
    dimensions: int | None = None
    max_tokens: int | None = None
    load_timeout: float = 120.0


CATALOG: dict[str, Spec] = {
    spec.id: spec
    for spec in (
        Spec(
            id=DEFAULT_EMBEDDER,
            kind="embedding",
            engine="onnx",
            module="inference.runner.engines.onnx",
            description="Sentence embeddings on the CPU: 384 numbers for up to 256 tokens of English text.",
            dimensions=384,
            max_tokens=256,
        ),
        Spec(
            id=DEFAULT_CHAT_MODEL,
            kind="chat",
            engine="extractive",
            module="inference.runner.engines.extractive",
            description="Answers by quoting the sentences of your documents that fit the question. It invents nothing.",
        ),
    )
}
