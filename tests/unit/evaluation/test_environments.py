from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from inference.evaluation import environments
from inference.evaluation.processes import Unmeasurable


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    return tmp_path


def test_what_cannot_be_installed_is_said_and_leaves_no_stamp(root: Path) -> None:
    place = root / ".cache" / "bench" / "peer"
    for _ in range(2):  # it is tried again, not taken for installed
        with pytest.raises(Unmeasurable, match="peer cannot be installed"):
            environments.install("peer", str(root / "there is no such wheel.whl"))
    assert list(place.glob(".installed-*")) == []


@pytest.fixture
def wheel(tmp_path: Path) -> str:
    """A package with nothing in it."""
    path = tmp_path / "nothing-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as file:
        file.writestr("nothing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: nothing\nVersion: 1.0\n")
        file.writestr("nothing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("nothing-1.0.dist-info/RECORD", "")
    return str(path)


def test_an_environment_is_kept_until_something_else_is_wanted(root: Path, wheel: str) -> None:
    first = environments.install("peer", wheel)
    assert list(first.parent.glob("lib/python*/site-packages/nothing-1.0.dist-info"))
    (first / "mark").touch()
    assert environments.install("peer", wheel) == first
    assert (first / "mark").exists()
    with pytest.raises(Unmeasurable):
        environments.install("peer", str(root / "none.whl"))
    assert not (first / "mark").exists()
