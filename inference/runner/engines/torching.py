"""What the engines on torch have in common: the environment that they run in, and what their process is told.

torch is imported by their processes alone. They run in the runner's environment, or in that of PENSTOCK_TORCH, into
which penstock[transformers] was installed: the platform itself can do without torch's gigabytes.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.engines.layouts import device_environment, given, layouts
from inference.runner.engines.torch_model import VARIABLE, TorchModel
from inference.runner.kinds import Launch, Program, Unusable
from inference.runner.policy import Way
from inference.settings import Settings

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.estimate import Terms
    from inference.runner.kinds import Spec

LIBRARIES = ("torch", "transformers")
WAY_OUT = (
    "Install penstock[transformers] here, or into an environment of its own that PENSTOCK_TORCH names, and restart"
)


def find_python() -> Path:
    """The interpreter of the environment with torch. Raises Unusable where there is none."""
    told = Settings().torch
    if told is None:
        missing = [name for name in LIBRARIES if find_spec(name) is None]
        if missing:
            raise Unusable(("engine", f"{' and '.join(missing)} cannot be imported here. {WAY_OUT}"))
        return Path(sys.executable)
    folder = told.expanduser()
    missing = [name for name in LIBRARIES if not any(folder.glob(f"lib/python3.*/site-packages/{name}-*.dist-info"))]
    if missing or not (folder / "bin/python").exists():
        raise Unusable(("engine", f"PENSTOCK_TORCH is {told}, which has no {' and no '.join(missing or ['Python'])}"))
    return folder / "bin/python"


def torch_ways(spec: Spec, terms: tuple[Terms, Terms], residual: int) -> tuple[Way, ...]:
    """One GPU, or the CPU; `terms` are for either."""
    entry, source = given(spec)
    on_gpu, on_cpu = terms
    ways: tuple[Way, ...] = ()
    if not entry.devices or any(device != "cpu" for device in entry.devices):
        ways += layouts(source, on_gpu, "gpu", (1,), entry, residual)
    if not entry.devices or "cpu" in entry.devices:
        ways += layouts(source, on_cpu, "cpu", (1,), entry, residual)
    return ways


def torch_program(launch: Launch, module: str, entry: ModelEntry, context: int) -> Program:
    model = TorchModel(
        id=launch.spec.id,
        kind=entry.kind,
        folder=str(launch.spec.source),
        context=context,
        gpu=launch.devices != ("cpu",),
        threads=entry.engine_args.get("threads"),
        pooling=entry.pooling,
        normalise=entry.normalise,
        query_prefix=entry.query_prefix,
        passage_prefix=entry.passage_prefix,
    )
    environment = {
        VARIABLE: model.to_json(),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        **device_environment(launch.devices),
    }
    return Program((str(find_python()), "-P", "-m", module, launch.spec.id), environment, speaks=True)
