"""The files of a folder: which ones, and what is in them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

_PART = 1 << 20
_LONGEST_SOURCE = 2000
# No header of a form can carry these.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file by its path within the folder, and the `source` that it is known by."""

    path: Path
    relative: str
    source: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file or folder that cannot be taken in, and why."""

    relative: str
    why: str


def files_of(folder: Path, include: Sequence[str], exclude: Sequence[str]) -> Iterator[LocalFile | Unusable]:
    """Files below a folder, in the order of their names; hidden ones, symbolic links, FIFOs, sockets and devices are
    passed over.

    `include`, `exclude`: patterns of the shell, for the name or for the path within the folder; what matches both is
    out.
    """
    for path, problem in _walk(folder):
        relative = path.relative_to(folder).as_posix()
        if problem:
            yield Unusable(relative, problem)
            continue
        if include and not _matches(relative, path.name, include):
            continue
        if not _matches(relative, path.name, exclude):
            why = _unusable(path)
            yield Unusable(relative, why) if why else LocalFile(path, relative, path.as_posix())


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files, and with what is wrong with them folders that cannot be read."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"the folder cannot be read: {error.strerror}"
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path), ""


def _unusable(path: Path) -> str:
    """Why Penstock cannot know a file by this path; empty when it can."""
    source = path.as_posix()
    try:
        source.encode()
    except UnicodeEncodeError:
        return "its path is not UTF-8: rename it"
    if _CONTROL.search(path.name):
        return "its name has a control character: rename it"
    if len(source) > _LONGEST_SOURCE:
        return f"its path has {len(source)} characters, and at most {_LONGEST_SOURCE} can be kept"
    return ""


def visible(text: str) -> str:
    """A text on one line without what would steer a terminal or cannot be written to it, each such character as its
    escape: names of files may hold anything."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _matches(relative: str, name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(relative, pattern) or fnmatchcase(name, pattern) for pattern in patterns)


def sha256_of(path: Path) -> str:
    """In hex. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_PART):
            digest.update(part)
    return digest.hexdigest()
