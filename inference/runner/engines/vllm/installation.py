"""Where vLLM is: `PENSTOCK_VLLM` names the command `vllm` or the environment that it is installed in."""

from __future__ import annotations

import shutil
from pathlib import Path

from inference.runner.kinds import Unusable
from inference.settings import Settings

WAY_OUT = "Install vLLM into an environment of its own and set PENSTOCK_VLLM to that, or to its command `vllm`"


def find_vllm() -> Path:
    """The command. Raises Unusable where there is none."""
    told = Settings().vllm
    if told is None:
        found = shutil.which("vllm")
        if found is None:
            raise Unusable(("engine", f"there is no vLLM on this machine. {WAY_OUT}"))
        return Path(found)
    path = told.expanduser()
    command = path / "bin" / "vllm" if path.is_dir() else path
    if not command.is_file():
        raise Unusable(("engine", f"PENSTOCK_VLLM is {told}, and there is no {command}. {WAY_OUT}"))
    return command


def runs_on_cpu(command: Path) -> bool:
    """Whether it was built for the CPU, which its version tells (0.32.0+cpu)."""
    libraries = command.resolve().parent.parent / "lib"
    return any(libraries.glob("python3.*/site-packages/vllm-*+cpu*.dist-info"))
