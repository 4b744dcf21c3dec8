"""What a process of torch is told of its model, and the device that it takes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from inference.runner.engines.serving import LoadFailed

VARIABLE = "PENSTOCK_MODEL"


@dataclass(frozen=True, slots=True)
class TorchModel:
    """What a process of torch is to serve. `context` in tokens; `gpu`: on the one GPU that it is shown."""

    id: str
    kind: str
    folder: str
    context: int
    gpu: bool
    threads: int | None = None
    pooling: str = "mean"
    normalise: bool = True
    query_prefix: str = ""
    passage_prefix: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> TorchModel:
        return TorchModel(**json.loads(text))


def device_of(torch: Any, model: TorchModel) -> str:
    """Raises LoadFailed where it was given a GPU that torch cannot use."""
    if model.threads:
        torch.set_num_threads(model.threads)
    if not model.gpu:
        return "cpu"
    if not torch.cuda.is_available():
        raise LoadFailed(
            f"it was given a GPU, and this torch ({torch.__version__}) cannot use one. "
            "Install a build of torch for it, or set `devices: [cpu]`"
        )
    return "cuda:0"
