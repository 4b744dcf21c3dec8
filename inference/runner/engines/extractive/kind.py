"""What the runner knows of `extractive`: it has no weights, and leases an embedder like everyone else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference.runner.kinds import AlwaysAwake, Program, Spec, Unusable
from inference.runner.policy import Way

if TYPE_CHECKING:
    from inference.models.models import ModelEntry
    from inference.runner.kinds import Launch

PROCESS_BYTES = 64 << 20  # measured: 38 MiB, and requests under way


class ExtractiveKind(AlwaysAwake):
    """Answers that quote, in a process of ours."""

    name = "extractive"

    def read(self, entry: ModelEntry, folder: Path) -> Spec:
        raise Unusable(("engine", "`extractive` is there already"))

    def ways(self, spec: Spec, context: int | None, residual: int) -> tuple[Way, ...]:
        return (Way("cpu", 1, PROCESS_BYTES + max(residual, 0)),)

    def program(self, launch: Launch) -> Program:
        argv = (sys.executable, "-P", "-m", "inference.runner.engines.extractive", launch.spec.id)
        told = {
            "PENSTOCK_HOME": str(launch.home),
            "PENSTOCK_RUNNER_URL": launch.runner_url,
            "PENSTOCK_RUNNER_TOKEN": launch.runner_token,
            "PENSTOCK_ENGINE_MODEL": launch.spec.id,
        }
        return Program(argv, told, speaks=True)


KIND = ExtractiveKind()
