"""What this machine, or the container that it is, may use: memory and processor cores.

A container's limit is often far below the machine's memory, and psutil only knows the machine. Files read are those of
the kernel's cgroup-v2.rst and cgroup-v1/memory.rst. All sizes are bytes.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")
# cgroup v1 says "no limit" as the largest page-aligned number; nothing that large is a limit.
NO_LIMIT = 1 << 60


@dataclass(frozen=True, slots=True)
class MemoryUse:
    total: int
    used: int

    @property
    def free(self) -> int:
        return max(self.total - self.used, 0)


def memory_use(cgroups: Path = CGROUPS, own: Path = OWN_CGROUP) -> MemoryUse:
    """What may be used and what is used, of the tightest limit that applies."""
    machine = psutil.virtual_memory()
    physical = MemoryUse(machine.total, machine.total - machine.available)
    limited = cgroup_memory(cgroups, own)
    if limited is None or limited.total >= physical.total:
        return physical
    # The machine may be fuller than the container: what is free is the smaller of both.
    return MemoryUse(limited.total, max(limited.used, limited.total - physical.free))


def cgroup_memory(cgroups: Path, own: Path) -> MemoryUse | None:
    """The tightest memory limit among this process's cgroup and its ancestors; None without one."""
    found: list[MemoryUse] = []
    for folder in _ancestors(cgroups, _own_path(own, "")):
        if use := _memory_of(folder, "memory.max", "memory.current", "inactive_file"):
            found.append(use)
    for folder in _ancestors(cgroups / "memory", _own_path(own, "memory")):
        if use := _memory_of(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"):
            found.append(use)
    return min(found, key=lambda use: use.total, default=None)


def available_cores(cgroups: Path = CGROUPS, own: Path = OWN_CGROUP) -> int:
    """Cores this process may run on: its affinity, cut by the container's CPU quota, at least one."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([affinity, *cpu_quotas(cgroups, own)]))


def cpu_quotas(cgroups: Path, own: Path) -> list[int]:
    """The CPU quotas that apply, each in whole cores, rounded up."""
    quotas: list[int] = []
    for folder in _ancestors(cgroups, _own_path(own, "")):
        quota, _, period = _text(folder / "cpu.max").partition(" ")
        if quota.isdigit() and period.isdigit() and int(period):
            quotas.append(math.ceil(int(quota) / int(period)))
    for folder in _ancestors(cgroups / "cpu", _own_path(own, "cpu")):
        quota, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit() and int(period):  # "-1" is no quota
            quotas.append(math.ceil(int(quota) / int(period)))
    return quotas


def _own_path(own: Path, controller: str) -> str:
    """This process's path in the hierarchy of `controller` ("" is v2), from lines `id:controllers:path`."""
    for line in _text(own).splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controller in controllers.split(","):
            return path.strip("/")
    return ""


def _ancestors(root: Path, path: str) -> list[Path]:
    """The folders from `root` down to `path`. In a container the path may name a place outside it; then only the
    root's own files exist, and those are the container's."""
    folders = [root]
    for part in Path(path).parts:
        if part == "..":
            return [root]
        folders.append(folders[-1] / part)
    return folders


def _memory_of(folder: Path, limit_file: str, usage_file: str, reclaimable: str) -> MemoryUse | None:
    limit, usage = _text(folder / limit_file), _text(folder / usage_file)
    if not limit.isdigit() or not usage.isdigit() or int(limit) >= NO_LIMIT:
        return None
    # Page cache that nobody looks at is given up before anyone is refused memory: it does not count as used.
    cache = next(
        (int(line.split()[1]) for line in _text(folder / "memory.stat").splitlines() if line.split()[0] == reclaimable),
        0,
    )
    return MemoryUse(int(limit), max(int(usage) - cache, 0))


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
