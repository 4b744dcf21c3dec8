"""A file on its way: what has arrived so far, and whether it is the file that was meant. Blocking: for threads."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Protocol

from inference.runner.pulling.choosing import HubFile

_READ_BYTES = 4 << 20
SUFFIX = ".part"


class WrongContent(Exception):
    """What arrived is not the file that the hub told of; the text says how it differs."""


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class Part:
    """Takes a file's bytes into `<path>.part`, and gives it its name once its checksum is right."""

    def __init__(self, path: Path, file: HubFile) -> None:
        self._path = path
        self._part = path.with_name(path.name + SUFFIX)
        self._meant = file
        self._digest = self._fresh()
        self._open: BinaryIO | None = None
        self.size = 0

    def resume(self) -> None:
        """Reads what an earlier try left, as its bytes are part of the checksum. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._digest, self.size = self._fresh(), 0
        self._open = self._part.open("a+b")
        self._open.seek(0)
        while chunk := self._open.read(_READ_BYTES):
            self._digest.update(chunk)
            self.size += len(chunk)
        if self.size > self._meant.size:
            self.restart()

    def restart(self) -> None:
        """Throws away what there is."""
        assert self._open
        self._open.truncate(0)
        self._digest, self.size = self._fresh(), 0

    def write(self, data: bytes) -> None:
        """Raises WrongContent when there is more than was told, and OSError."""
        assert self._open
        if self.size + len(data) > self._meant.size:
            raise WrongContent(f"{self._meant.path} is longer than the {self._meant.size} bytes that the hub tells")
        self._open.write(data)
        self._digest.update(data)
        self.size += len(data)

    def finish(self) -> None:
        """Raises WrongContent, after which nothing is left of it, and OSError."""
        assert self._open
        wanted = self._meant.sha256 or self._meant.blob
        if self._digest.hexdigest() != wanted:
            self.close()
            self._part.unlink(missing_ok=True)
            raise WrongContent(f"{self._meant.path} has the checksum {self._digest.hexdigest()}, not {wanted}")
        self._open.flush()
        os.fsync(self._open.fileno())
        self.close()
        self._part.replace(self._path)

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def _fresh(self) -> _Digest:
        """Of a small file git's own: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects."""
        if self._meant.sha256:
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self._meant.size, usedforsecurity=False)
