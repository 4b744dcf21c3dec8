"""The memory that there is, as measured: accelerators by NVML, the host's by cgroups and the kernel's page accounting.

NVML comes with the driver; its Python wrapper is the extra `gpu` (nvidia-ml-py). Where either is missing there are no
accelerators. All sizes are bytes.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from inference.runner.machine import MemoryUse, memory_use
from inference.runner.policy import HOST, Place, Share

log = logging.getLogger(__name__)

MODULE = "pynvml"
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class GpuReading:
    """One accelerator now. `by_pid` is what each process holds, as far as the driver tells: within a container it may
    know none."""

    id: str
    name: str
    total: int
    used: int
    by_pid: Mapping[int, int] = field(default_factory=dict[int, int])


class Gpus:
    """The accelerators of this machine, or those that CUDA_VISIBLE_DEVICES leaves.

    Their numbers are those of the bus: engines are told CUDA_DEVICE_ORDER=PCI_BUS_ID, so that CUDA counts alike.
    """

    def __init__(self, nvml: ModuleType | None = None, visible: str | None = None) -> None:
        self._nvml: Any = nvml
        self._handles: list[tuple[str, str, Any]] = []
        if nvml:
            self._handles = _handles(nvml, visible)

    @classmethod
    def open(cls) -> Gpus:
        """Without the wrapper, the driver or a device: none, and no error."""
        try:
            nvml = importlib.import_module(MODULE)
        except ImportError:
            return cls()
        try:
            nvml.nvmlInit()
            return cls(nvml, os.environ.get("CUDA_VISIBLE_DEVICES"))
        except nvml.NVMLError as error:
            log.info("No accelerators: %s", error)
            return cls()

    def read(self) -> list[GpuReading]:
        """What each holds now. One that does not answer (it fell off the bus) is left out, and told in the log."""
        readings: list[GpuReading] = []
        for id, name, handle in self._handles:
            try:
                memory = self._nvml.nvmlDeviceGetMemoryInfo(handle)
                readings.append(GpuReading(id, name, int(memory.total), int(memory.used), self._by_pid(handle)))
            except self._nvml.NVMLError as error:
                log.warning("%s (%s) does not answer: %s", id, name, error)
        return readings

    def close(self) -> None:
        self._handles = []
        if self._nvml:
            with contextlib.suppress(self._nvml.NVMLError):
                self._nvml.nvmlShutdown()

    def _by_pid(self, handle: Any) -> dict[int, int]:
        try:
            running = self._nvml.nvmlDeviceGetComputeRunningProcesses(handle)
        except self._nvml.NVMLError:
            return {}
        held: dict[int, int] = {}
        for process in running:  # usedGpuMemory is None where the driver may not tell
            held[int(process.pid)] = held.get(int(process.pid), 0) + int(process.usedGpuMemory or 0)
        return held


def _handles(nvml: Any, visible: str | None) -> list[tuple[str, str, Any]]:
    """Id, name and handle of each device; `gpu0` is the first visible one."""
    found = [nvml.nvmlDeviceGetHandleByIndex(index) for index in range(nvml.nvmlDeviceGetCount())]
    uuids = [_text(nvml.nvmlDeviceGetUUID(handle)) for handle in found]
    chosen = list(range(len(found))) if visible is None else _visible(visible, uuids)
    return [(f"gpu{place}", _text(nvml.nvmlDeviceGetName(found[n])), found[n]) for place, n in enumerate(chosen)]


def _visible(text: str, uuids: list[str]) -> list[int]:
    """CUDA's reading of CUDA_VISIBLE_DEVICES: numbers, or beginnings of UUIDs; what follows a wrong one is not seen."""
    chosen: list[int] = []
    for part in text.split(","):
        wanted = part.strip()
        matching = [n for n, uuid in enumerate(uuids) if wanted and uuid.startswith(wanted)]
        number = int(wanted) if wanted.isdecimal() else matching[0] if len(matching) == 1 else -1
        if not 0 <= number < len(uuids) or number in chosen:
            break
        chosen.append(number)
    return chosen


def _text(value: str | bytes) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def host_budget(wanted: int | None) -> MemoryUse:
    """What may be used of the host's memory: the least of the machine, its cgroup and `wanted`, if given."""
    use = memory_use()
    if wanted is None or wanted >= use.total:
        return use
    # What others use does not shrink the share that was set aside, as long as the machine has as much free.
    return MemoryUse(wanted, max(wanted - use.free, 0))


def tree_pids(pid: int) -> set[int]:
    """A process and its descendants; empty when it is gone."""
    try:
        process = psutil.Process(pid)
        return {pid, *(child.pid for child in process.children(recursive=True))}
    except psutil.Error:
        return set()


def tree_pss(pid: int, proc: Path = PROC) -> int:
    """What a process and its descendants hold of the host's memory: proportional set sizes, which count a page that
    several share once; 0 when it is gone. Where the kernel does not tell them, resident sizes."""
    return sum(_pss(each, proc) for each in tree_pids(pid))


def held_by(gpus: Iterable[GpuReading], pids: set[int], given: Share) -> Share:
    """What processes hold of each accelerator, as the driver tells.

    Where it tells nothing of them, what they were `given` there, as far as so much is in use that no process here is
    known to hold: within a container a driver often names none, or names them by the numbers of the host.
    """
    shares: dict[str, int] = {}
    for gpu in gpus:
        told = sum(size for pid, size in gpu.by_pid.items() if pid in pids)
        size = told or min(given.get(gpu.id, 0), _untold(gpu))
        if size:
            shares[gpu.id] = size
    return shares


def _untold(gpu: GpuReading) -> int:
    return max(gpu.used - sum(size for pid, size in gpu.by_pid.items() if psutil.pid_exists(pid)), 0)


def places(gpus: Iterable[GpuReading], host: MemoryUse, models: Share) -> list[Place]:
    """The devices as a plan sees them; `models` is what models hold on each now, so that the rest is others'."""
    return [
        Place(HOST, "cpu", host.total, max(host.used - models.get(HOST, 0), 0)),
        *(Place(gpu.id, "gpu", gpu.total, max(gpu.used - models.get(gpu.id, 0), 0)) for gpu in gpus),
    ]


def _pss(pid: int, proc: Path) -> int:
    """From smaps_rollup (Documentation/filesystems/proc.rst), in kB there."""
    try:
        for line in (proc / str(pid) / "smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name == "Pss":
                return int(rest.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0
