"""What the runner knows of `onnx`: entries, command line, memory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner import Embedder
from inference.runner.engines.onnx.model import OnnxModel
from inference.runner.engines.onnx.source import read_model
from inference.runner.kinds import AlwaysAwake, Program, Spec
from inference.runner.policy import Way

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.kinds import Launch

NAME = "onnx"
LOAD_TIMEOUT = 360.0  # a large model's graph is made at its first load
# Measured of the built-in embedder: libraries, tokenizer and a batch under way.
BASE_BYTES = 160 << 20
# An int8 graph has a quarter of the bytes of safetensors in 32 bit; both are in memory while it is made.
INT8_SHARE = 0.45


def spec_of(model: OnnxModel, description: str, entry: ModelEntry | None = None) -> Spec:
    known = Embedder(
        model.id, model.dimensions, model.max_tokens, model.precision, model.fingerprint, model.tokenizer
    )  # fmt: skip
    embeds = model.kind == "embedding"
    return Spec(
        id=model.id,
        kind=model.kind,
        engine=NAME,
        description=description,
        dimensions=model.dimensions if embeds else None,
        max_tokens=model.max_tokens,
        precision=model.precision,
        embedder=known if embeds else None,
        entry=entry,
        source=Path(model.weights),
        told={"PENSTOCK_MODEL": model.to_json()},
        load_timeout=LOAD_TIMEOUT,
    )


class OnnxKind(AlwaysAwake):
    """Embedders and cross-encoders of BERT's kind in a process of ours."""

    name = NAME

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        return spec_of(read_model(entry, folder), entry.description, entry)

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        """What was measured at a load is without the batches to come: less than the estimate is not learnt."""
        assert spec.source is not None
        weights = spec.source.stat().st_size
        share = INT8_SHARE if spec.precision == "int8" else 1.0
        return (Way("cpu", 1, int(weights * share) + BASE_BYTES + max(residual, 0)),)

    def program(self, launch: Launch) -> Program:
        argv = (sys.executable, "-P", "-m", "inference.runner.engines.onnx", launch.spec.id)
        return Program(argv, {"PENSTOCK_HOME": str(launch.home), **launch.spec.told}, speaks=True)


KIND = OnnxKind()
