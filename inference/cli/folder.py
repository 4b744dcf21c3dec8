"""The files of a folder: which ones, and what is in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file by its path within the folder, and the `source` that it is known by."""

    path: Path
    relative: str
    source: str


def files_of(folder: Path, include: Sequence[str], exclude: Sequence[str]) -> Iterator[LocalFile]:
    """Regular files below a folder, in the order of their names; hidden ones and symbolic links are passed over.

    `include`, `exclude`: patterns of the shell, for the name or for the path within the folder; what matches both is
    out.
    """
    for path in _walk(folder):
        relative = path.relative_to(folder).as_posix()
        if include and not _matches(relative, path.name, include):
            continue
        if not _matches(relative, path.name, exclude):
            yield LocalFile(path, relative, path.as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _matches(relative: str, name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(relative, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def sha256_of(path: Path) -> str:
    """In hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()
