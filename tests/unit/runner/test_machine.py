"""Memory and cores of containers, from copies of the kernel's files."""

from __future__ import annotations

from pathlib import Path

import psutil

from inference.runner.machine import MemoryUse, available_cores, cgroup_memory, cpu_quotas, memory_use

GIB = 1 << 30


def _write(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_v2_takes_the_tightest_ancestor_and_does_not_count_cache(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/pod/container\n")
    root = tmp_path / "cgroup"
    _write(
        root / "pod", memory__max=f"{2 * GIB}", memory__current=f"{GIB}", memory__stat="anon 5\ninactive_file 1000\n"
    )
    _write(root / "pod" / "container", memory__max="max", memory__current="7")
    assert cgroup_memory(root, own) == MemoryUse(2 * GIB, GIB - 1000)


def test_v2_in_a_container_s_own_namespace(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/\n")
    _write(tmp_path / "cgroup", memory__max=f"{GIB}", memory__current="10")
    assert cgroup_memory(tmp_path / "cgroup", own) == MemoryUse(GIB, 10)


def test_v1(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n")
    root = tmp_path / "cgroup"
    _write(
        root / "memory",
        memory__limit_in_bytes=f"{GIB}",
        memory__usage_in_bytes="500",
        memory__stat="cache 9\ntotal_inactive_file 100",
    )
    assert cgroup_memory(root, own) == MemoryUse(GIB, 400)


def test_no_limit_is_none(tmp_path: Path) -> None:
    root = tmp_path / "cgroup"
    _write(root / "memory", memory__limit_in_bytes="9223372036854771712", memory__usage_in_bytes="5")
    _write(root, memory__max="max", memory__current="5")
    assert cgroup_memory(root, tmp_path / "missing") is None
    assert memory_use(root, tmp_path / "missing").total == psutil.virtual_memory().total


def test_a_limit_beyond_the_machine_is_the_machine(tmp_path: Path) -> None:
    _write(tmp_path, memory__max=f"{psutil.virtual_memory().total * 2}", memory__current="5")
    assert memory_use(tmp_path, tmp_path / "missing").total == psutil.virtual_memory().total


def test_a_container_s_limit_counts(tmp_path: Path) -> None:
    _write(tmp_path, memory__max=f"{64 * 1024 * 1024}", memory__current=f"{60 * 1024 * 1024}")
    use = memory_use(tmp_path, tmp_path / "missing")
    assert (use.total, use.free) == (64 * 1024 * 1024, 4 * 1024 * 1024)


def test_a_path_outside_the_container_is_not_followed(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/../../outside\n")
    _write(tmp_path / "cgroup", memory__max=f"{GIB}", memory__current="10")
    assert cgroup_memory(tmp_path / "cgroup", own) == MemoryUse(GIB, 10)


def test_cpu_quotas_are_whole_cores(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/a\n3:cpu:/\n")
    _write(tmp_path / "a", cpu__max="150000 100000")
    _write(tmp_path, cpu__max="max 100000")
    _write(tmp_path / "cpu", cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    assert cpu_quotas(tmp_path, own) == [2]


def test_there_is_always_a_core(tmp_path: Path) -> None:
    _write(tmp_path, cpu__max="1000 100000")
    assert available_cores(tmp_path, tmp_path / "missing") == 1
