"""The files of a folder, of which not everything can be read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from inference.cli.folder import LocalFile, Unusable, files_of, visible


def test_a_folder_that_cannot_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/locked/x.txt", "a/open.txt", "z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("words")
    scandir = os.scandir

    def scan(folder: Path) -> Any:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    # Permissions hold nothing back from root, who may run the tests.
    monkeypatch.setattr(os, "scandir", scan)
    entries = list(files_of(tmp_path, ["*.txt"], []))
    assert entries[0] == Unusable("a/locked", "the folder cannot be read: Permission denied")
    assert [entry.path for entry in entries[1:] if isinstance(entry, LocalFile)] == [
        tmp_path / "a" / "open.txt", tmp_path / "z.txt"
    ]  # fmt: skip


def test_names_steer_no_terminal() -> None:
    assert visible("a\x1b[2J\r\n\udcffé.txt") == "a\\x1b[2J\\r\\n\\udcffé.txt"
