"""Devices as a driver tells of them, and the host's memory as the kernel does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import psutil
import pytest

from inference.runner import devices
from inference.runner.devices import GpuReading, Gpus, held_by, host_budget, places, tree_pids, tree_pss
from inference.runner.machine import MemoryUse
from inference.runner.policy import Place

GIB = 1 << 30


class _Lost(Exception):
    pass


def _driver(*, lost: str = "", processes: list[tuple[int, int | None]] | None = None) -> ModuleType:
    """A driver with two devices, one of which may have fallen off the bus."""
    nvml: Any = ModuleType("pynvml")
    nvml.NVMLError = _Lost

    def memory(handle: str) -> SimpleNamespace:
        if handle == lost:
            raise _Lost("GPU is lost")
        return SimpleNamespace(total=80 * GIB, used=int(handle[-1]) * GIB)

    def running(handle: str) -> list[SimpleNamespace]:
        if processes is None:
            raise _Lost("not supported")
        return [SimpleNamespace(pid=pid, usedGpuMemory=size) for pid, size in processes]

    nvml.nvmlInit = lambda: None
    nvml.nvmlShutdown = lambda: None
    nvml.nvmlDeviceGetCount = lambda: 2
    nvml.nvmlDeviceGetHandleByIndex = "device{}".format
    nvml.nvmlDeviceGetUUID = "GPU-{}".format
    nvml.nvmlDeviceGetName = lambda handle: b"H100"  # pyright: ignore[reportUnknownLambdaType] - a fake
    nvml.nvmlDeviceGetMemoryInfo = memory
    nvml.nvmlDeviceGetComputeRunningProcesses = running
    return nvml


def test_what_a_driver_tells() -> None:
    gpus = Gpus(_driver(processes=[(7, GIB), (7, GIB), (8, None)]))
    assert gpus.read() == [
        GpuReading("gpu0", "H100", 80 * GIB, 0, {7: 2 * GIB, 8: 0}),
        GpuReading("gpu1", "H100", 80 * GIB, GIB, {7: 2 * GIB, 8: 0}),
    ]
    assert held_by(gpus.read(), {7}, {"gpu0": GIB}) == {"gpu0": 2 * GIB, "gpu1": 2 * GIB}
    assert held_by(gpus.read(), {8, 9}, {}) == {}
    gpus.close()
    assert gpus.read() == []


def test_a_driver_that_knows_no_processes_and_a_device_that_is_lost() -> None:
    assert Gpus(_driver(lost="device0")).read() == [GpuReading("gpu1", "H100", 80 * GIB, GIB, {})]


def test_a_driver_that_names_no_process_of_this_machine() -> None:
    given, strange = {"gpu0": 30 * GIB}, 1 << 30  # the host's number, which no process has here
    for by_pid in ({}, {strange: 50 * GIB}):
        assert held_by([GpuReading("gpu0", "H100", 80 * GIB, 50 * GIB, by_pid)], {1}, given) == given
        assert held_by([GpuReading("gpu0", "H100", 80 * GIB, 9 * GIB, by_pid)], {1}, given) == {"gpu0": 9 * GIB}
        assert held_by([GpuReading("gpu1", "H100", 80 * GIB, 50 * GIB, by_pid)], {1}, given) == {}
    others = {psutil.Process().pid: 45 * GIB}
    assert held_by([GpuReading("gpu0", "H100", 80 * GIB, 50 * GIB, others)], {1}, given) == {"gpu0": 5 * GIB}


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        ("1,0", ["device1", "device0"]),
        ("GPU-device1", ["device1"]),
        ("GPU", []),  # which one?
        ("1,1,0", ["device1"]),
        ("1,9,0", ["device1"]),
        ("-1", []),
        ("", []),
    ],
)
def test_cuda_visible_devices(visible: str, names: list[str]) -> None:
    found = Gpus(_driver(), visible).read()
    assert [reading.used // GIB for reading in found] == [int(name[-1]) for name in names]
    assert [reading.id for reading in found] == [f"gpu{place}" for place in range(len(names))]


def test_no_wrapper_and_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MODULE", "there_is_no_such_module")
    assert Gpus.open().read() == []
    driver: Any = _driver()

    def fails() -> None:
        raise _Lost("Driver Not Loaded")

    driver.nvmlInit = fails
    monkeypatch.setitem(sys.modules, "a_driver", driver)
    monkeypatch.setattr(devices, "MODULE", "a_driver")
    assert Gpus.open().read() == []


def test_what_a_process_and_its_children_hold() -> None:
    """A process with a child that holds 64 MiB: the tree holds it, and nothing once it is gone."""
    child = "import sys; held = bytearray(64 << 20); print(len(held), flush=True); sys.stdin.read()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert len(tree_pids(process.pid)) == 2
        assert 64 << 20 < tree_pss(process.pid) < 200 << 20
        assert process.stdin
        process.stdin.close()
    assert tree_pids(process.pid) == set()
    assert tree_pss(process.pid) == 0


def test_resident_sizes_where_the_kernel_tells_no_shares(tmp_path: Path) -> None:
    own = psutil.Process().pid
    assert tree_pss(own, tmp_path) > 10 << 20
    (tmp_path / str(own)).mkdir()
    (tmp_path / str(own) / "smaps_rollup").write_text("00400000-7fff ---p [rollup]\nRss: 9 kB\nPss:\t  7 kB\n")
    held = tree_pss(own, tmp_path)
    assert held == 7 * 1024 + sum(child.memory_info().rss for child in psutil.Process().children(recursive=True))


def test_a_share_that_was_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "memory_use", lambda: MemoryUse(64 * GIB, 40 * GIB))
    assert host_budget(None) == MemoryUse(64 * GIB, 40 * GIB)
    assert host_budget(100 * GIB) == MemoryUse(64 * GIB, 40 * GIB)
    assert host_budget(16 * GIB) == MemoryUse(16 * GIB, 0)
    assert host_budget(30 * GIB) == MemoryUse(30 * GIB, 6 * GIB)


def test_what_models_do_not_hold_is_others() -> None:
    gpu = GpuReading("gpu0", "H100", 80 * GIB, 50 * GIB)
    found = places([gpu], MemoryUse(64 * GIB, 20 * GIB), {"cpu": 25 * GIB, "gpu0": 45 * GIB})
    assert found == [Place("cpu", "cpu", 64 * GIB, 0), Place("gpu0", "gpu", 80 * GIB, 5 * GIB)]
